// Command zitadel is the example server of github.com/zitadel/oidc, with an address to
// come back to after the logout, which the example registers for no client. It is a
// module of its own, so that its dependencies are nobody else's.
package main

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// client returns to an address after its logout.
type client struct {
	op.Client
	afterLogout string
}

// PostLogoutRedirectURIs implements [op.Client].
func (c client) PostLogoutRedirectURIs() []string { return []string{c.afterLogout} }

type clients struct {
	*storage.Storage
	afterLogout string
}

// GetClientByClientID implements [op.Storage].
func (s clients) GetClientByClientID(ctx context.Context, id string) (op.Client, error) {
	found, err := s.Storage.GetClientByClientID(ctx, id)
	return client{found, s.afterLogout}, err
}

func main() {
	issuer := "http://localhost:" + os.Getenv("PORT") + "/"
	storage.RegisterClients(storage.WebClient("web", "secret", os.Getenv("REDIRECT_URI")))
	server := &http.Server{
		Addr: "127.0.0.1:" + os.Getenv("PORT"), ReadHeaderTimeout: 5 * time.Second,
		Handler: exampleop.SetupServer(issuer, clients{storage.NewStorage(storage.NewUserStore(issuer)), os.Getenv("AFTER_LOGOUT")}, slog.New(slog.NewTextHandler(os.Stderr, nil)), false),
	}
	if err := server.ListenAndServe(); err != nil {
		slog.Error("ended", "error", err)
		os.Exit(1)
	}
}
