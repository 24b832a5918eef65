package api_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/api"
	"muster/handlers/web"
	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
	"muster/seen"
	"muster/tokens"
)

// The answer to a deletion counts its matches, so it would tell whether a masked
// address exists. No API key that may delete sees addresses masked today; a
// future one must not get an oracle.
func TestDeleteMany_AnAddressInTheFilterIsALookUp(t *testing.T) {
	t.Parallel()
	now := func() time.Time { return time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) }
	key := bytes.Repeat([]byte{7}, 32)
	db, err := store.Open(t.Context(), storetest.SQLite(t))
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	_, err = db.Migrate(t.Context())
	must(t, err)
	service, err := tokens.New(db, tokens.Config{
		Issuer: "https://muster.example", AccessTokenTTL: time.Hour, RefreshIdle: time.Hour, MaxTokenLifetime: 366 * 24 * time.Hour,
		MasterKey: key, Logger: slog.New(slog.DiscardHandler), Now: now,
	})
	must(t, err)
	t.Cleanup(service.Close) // before the store
	must(t, service.EnsureSigningKey(t.Context()))
	admin := models.Actor{Kind: models.ActorPerson, ID: "admin", Permissions: models.RoleAdmin.Permissions()}
	count := 1
	_, secret, err := service.CreateRegistrationToken(t.Context(), admin, models.RegistrationTokenSettings{Count: &count})
	must(t, err)
	issued, err := service.Redeem(t.Context(), tokens.RedeemRequest{Secret: secret, Claimed: models.ClaimedIdentity{SystemUserName: "alice@contoso.example", FQDN: "pc1"}})
	must(t, err)

	handler := &api.AuthTokens{Read: seen.NewReader(db, key, models.DefaultVerdictRules(), now), Tokens: service, Now: now}
	masked := models.Actor{
		Kind: models.ActorAPIKey, ID: "key", Permissions: []models.Permission{models.PermissionAuthTokenRead, models.PermissionAuthTokenWrite},
	}
	deleteBy := func(actor models.Actor, filter string, dryRun bool) (string, error) {
		body := fmt.Sprintf(`{"filter":{%s},"dryRun":%t}`, filter, dryRun)
		answer := httptest.NewRecorder()
		c := echo.New().NewContext(httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body)), answer)
		web.SetActor(c, actor)
		err := handler.DeleteMany(c)
		return answer.Body.String(), err
	}

	for i := range 30 {
		_, err := deleteBy(masked, fmt.Sprintf(`"systemUserName":"u%d@contoso.example"`, i), i%2 == 0)
		must(t, err)
	}
	for _, dryRun := range []bool{true, false} {
		for _, filter := range []string{`"systemUserName":"alice@contoso.example"`, `"ip":"192.0.2.7"`, `"fqdn":"pc1","refId1":"a@contoso.example"`} {
			if said, err := deleteBy(masked, filter, dryRun); models.ErrorKind(err) != models.KindRateLimited {
				t.Errorf("{%s} dry run %t: %q, %v; want too many", filter, dryRun, said, err)
			}
		}
	}
	if t1, err := db.AuthToken(t.Context(), issued.AuthToken.ID); err != nil || t1.DeletedAt != nil {
		t.Errorf("what was refused deleted %+v, %v", t1, err)
	}
	trail, err := db.AuditEvents(t.Context(), models.AuditFilter{Action: models.AuditPersonalDataLookedUp}, models.PageRequest{Size: models.MaxPageSize})
	if must(t, err); len(trail.Items) != 30 {
		t.Errorf("%d look-ups are in the trail, want 30", len(trail.Items))
	}
	for _, e := range trail.Items {
		if strings.Contains(e.Detail, "contoso") && !strings.Contains(e.Detail, "u…@contoso.example") {
			t.Errorf("the trail tells %s", e.Detail)
		}
	}

	// What is not masked is not limited, nor is a caller who sees addresses.
	for _, caller := range []struct {
		models.Actor
		filter string
	}{{masked, `"fqdn":"pc1"`}, {admin, `"systemUserName":"alice@contoso.example"`}} {
		if said, err := deleteBy(caller.Actor, caller.filter, true); err != nil || !strings.Contains(said, `"matched":1`) {
			t.Errorf("{%s}: %q, %v", caller.filter, said, err)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
