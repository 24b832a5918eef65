package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"muster/internal/config"
	"muster/models"
	"muster/models/store"
	"muster/tokens"
)

// apiKeyCommand is `muster apikey`.
type apiKeyCommand struct {
	Create apiKeyCreateCommand `cmd:"" help:"Make a key and print it, alone, on standard output."`
	List   apiKeyListCommand   `cmd:"" help:"List all keys."`
	Revoke apiKeyRevokeCommand `cmd:"" help:"End a key at once."`
}

// apiKeyCreateCommand is `muster apikey create`.
type apiKeyCreateCommand struct {
	config.DatabaseFlags
	Name    string         `required:"" help:"What the key is for."`
	Role    models.Role    `help:"admin or helpdesk." xor:"grant" required:""`
	Scope   []models.Scope `help:"registration-tokens:read|write, auth-tokens:read|write or introspect; may be repeated." xor:"grant" required:""`
	Expires string         `placeholder:"DURATION" help:"How long the key is valid, such as 90d; without it the key does not expire."`
}

// Run prints the key alone on standard output, for scripts.
func (c *apiKeyCreateCommand) Run(ctx context.Context, p *program) error {
	var expires *time.Time
	if c.Expires != "" {
		d, err := config.ParseDuration(c.Expires)
		if err != nil || d <= 0 {
			return fmt.Errorf("--expires is %q, which is not a positive duration; write it like 90d or 12h", c.Expires)
		}
		at := p.now().Add(d)
		expires = &at
	}
	return p.withTokens(ctx, c.DatabaseFlags, func(service *tokens.Service) error {
		key, secret, err := service.CreateAPIKey(ctx, operator(), c.Name, c.Role, c.Scope, expires)
		if err != nil {
			return err
		}
		fmt.Fprintf(p.err, "API key %s (%s) is shown once:\n", key.ID, key.Name)
		fmt.Fprintln(p.out, secret.Reveal())
		return nil
	})
}

// apiKeyListCommand is `muster apikey list`.
type apiKeyListCommand struct {
	config.DatabaseFlags
}

// Run lists keys, never their secrets.
func (c *apiKeyListCommand) Run(ctx context.Context, p *program) error {
	return p.withDatabase(ctx, c.DatabaseFlags, func(db *store.Store) error {
		keys, err := db.APIKeys(ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tNAME\tGRANTS\tCREATED\tEXPIRES\tLAST USED\tSTATE")
		for _, k := range keys {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, k.Name, grants(k), formatTime(&k.CreatedAt), formatTime(k.ExpiresAt), formatTime(k.LastUsedAt), keyState(k, p.now()))
		}
		return w.Flush()
	})
}

// apiKeyRevokeCommand is `muster apikey revoke`.
type apiKeyRevokeCommand struct {
	config.DatabaseFlags
	ID string `arg:"" help:"Public id of the key, as list shows it."`
}

// Run ends the key; doing it again changes nothing.
func (c *apiKeyRevokeCommand) Run(ctx context.Context, p *program) error {
	return p.withTokens(ctx, c.DatabaseFlags, func(service *tokens.Service) error {
		if err := service.RevokeAPIKey(ctx, operator(), c.ID); err != nil {
			return err
		}
		fmt.Fprintf(p.out, "API key %s is revoked.\n", c.ID)
		return nil
	})
}

// withTokens gives a command the token service. API keys are neither signed nor
// sealed, so the commands need no base URL and no master key: the service gets
// placeholders that it never uses.
func (p *program) withTokens(ctx context.Context, f config.DatabaseFlags, do func(*tokens.Service) error) error {
	return p.withDatabase(ctx, f, func(db *store.Store) error {
		service, err := tokens.New(db, tokens.Config{
			Issuer:         "http://localhost",
			AccessTokenTTL: time.Minute, RefreshIdle: time.Minute, MaxTokenLifetime: time.Hour,
			MasterKey: make([]byte, 32), Now: p.now, Random: rand.Reader,
		})
		if err != nil {
			return err
		}
		return do(service)
	})
}

// operator is whoever may run commands on this machine, and can therefore reach the
// database anyway.
func operator() models.Actor {
	return models.Actor{
		Kind: models.ActorSystem, ID: "muster apikey", Name: "command line",
		Permissions: []models.Permission{models.PermissionAPIKeyManage},
	}
}

func grants(k models.APIKey) string {
	if k.Role != models.RoleNone {
		return string(k.Role)
	}
	return strings.ReplaceAll(k.ScopeList, " ", ",")
}

func keyState(k models.APIKey, now time.Time) string {
	switch {
	case k.RevokedAt != nil:
		return "revoked"
	case !k.Usable(now):
		return "expired"
	default:
		return "usable"
	}
}

func formatTime(t *time.Time) string {
	if t == nil {
		return "never"
	}
	return t.UTC().Format("2006-01-02 15:04Z")
}
