package storetest

import (
	"crypto/sha256"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"muster/models"
	"muster/models/store"
)

// Epoch is the time the suite's clock starts at.
var Epoch = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// fixture makes rows with ids that count up, and digests made of them.
type fixture struct {
	tb testing.TB
	*store.Store
	n *atomic.Int64
}

func newFixture(tb testing.TB, s *store.Store) fixture {
	return fixture{tb: tb, Store: s, n: new(atomic.Int64)}
}

func (f fixture) id() string { return fmt.Sprintf("%026d", f.n.Add(1)) }

func digest(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

func (f fixture) event(action models.AuditAction, kind, id string) models.AuditEvent {
	return models.AuditEvent{
		ID: f.id(), OccurredAt: Epoch, ActorKind: models.ActorPerson, ActorID: "https://idp.example admin",
		ActorName: "Ada Admin", Action: action, ObjectKind: kind, ObjectID: id,
	}
}

// token returns a registration token that is not stored yet.
func (f fixture) token(count int, edit ...func(*models.RegistrationToken)) *models.RegistrationToken {
	id := f.id()
	t := &models.RegistrationToken{
		ID: id, CustomerID: models.DefaultCustomerID, Identifier: "token " + id, Hint: "mrt_" + id,
		SecretDigest: digest("secret " + id), Count: count, ExpiresAt: Epoch.Add(24 * time.Hour),
		CreatedBy: "Ada Admin", CreatedAt: Epoch, UpdatedAt: Epoch,
	}
	for _, e := range edit {
		e(t)
	}
	return t
}

// create stores a registration token.
func (f fixture) create(count int, edit ...func(*models.RegistrationToken)) *models.RegistrationToken {
	f.tb.Helper()
	t := f.token(count, edit...)
	err := f.CreateRegistrationToken(f.tb.Context(), t, f.event(models.AuditRegistrationTokenCreated, "registration_token", t.ID))
	if err != nil {
		f.tb.Fatalf("create a registration token: %v", err)
	}
	return t
}

// consumption returns one redemption that is not stored yet.
func (f fixture) consumption(registrationTokenID string, edit ...func(*models.Consumption)) *models.Consumption {
	redemption, auth := f.id(), f.id()
	claimed := models.ClaimedIdentity{SystemUserName: "user" + auth, FQDN: "host" + auth + ".example"}
	c := &models.Consumption{
		Redemption: models.Redemption{
			ID: redemption, RegistrationTokenID: registrationTokenID, AuthTokenID: auth, RedeemedAt: Epoch,
			ClaimedIdentity: claimed, IP: "192.0.2.1", UserAgent: "test", Channel: models.ChannelREST, RequestID: "r",
		},
		AuthToken: models.AuthToken{
			ID: auth, RegistrationTokenID: registrationTokenID, RedemptionID: redemption, CustomerID: models.DefaultCustomerID,
			ClaimedIdentity: claimed, IP: "192.0.2.1", UserAgent: "test", CreatedAt: Epoch, LastSeenAt: Epoch, LastSeenIP: "192.0.2.1",
			Generation: 1, FamilyDigest: digest("family " + auth), RefreshDigest: digest("refresh 1 " + auth),
			IdleExpiresAt: Epoch.Add(90 * 24 * time.Hour),
		},
	}
	for _, e := range edit {
		e(c)
	}
	return c
}

func keep(key string) func(*models.Consumption) {
	return func(c *models.Consumption) {
		c.Kept = &models.KeptAnswer{
			RegistrationTokenID: c.Redemption.RegistrationTokenID, KeyDigest: digest(key), RequestDigest: digest("body"),
			AuthTokenID: c.AuthToken.ID, Sealed: []byte("sealed"), CreatedAt: c.Redemption.RedeemedAt,
		}
	}
}

// take stores a redemption, which becomes what was stored.
func (f fixture) take(c *models.Consumption) error {
	stored, err := f.Redeem(f.tb.Context(), c.Redemption.RegistrationTokenID, func() models.Consumption { return *c })
	if err == nil {
		*c = *stored
	}
	return err
}

// at redeems at another time than the epoch.
func at(now time.Time) func(*models.Consumption) {
	return func(c *models.Consumption) {
		c.Redemption.RedeemedAt, c.AuthToken.CreatedAt, c.AuthToken.LastSeenAt = now, now, now
	}
}

// redeem stores one redemption.
func (f fixture) redeem(registrationTokenID string, edit ...func(*models.Consumption)) *models.Consumption {
	f.tb.Helper()
	c := f.consumption(registrationTokenID, edit...)
	if err := f.take(c); err != nil {
		f.tb.Fatalf("redeem: %v", err)
	}
	return c
}

// delete deletes one auth token and returns how many that were.
func (f fixture) delete(id string, reclaim bool) int {
	f.tb.Helper()
	result, _, err := f.DeleteAuthTokens(f.tb.Context(), models.AuthTokenDeletion{
		Filter: models.AuthTokenFilter{IDs: []string{id}}, Reason: "lost", ReturnCount: reclaim,
	}, Epoch, "Ada Admin", f.event(models.AuditAuthTokenDeleted, "auth_token", id))
	if err != nil {
		f.tb.Fatalf("delete an auth token: %v", err)
	}
	return result.Deleted
}

func (f fixture) read(id string) *models.RegistrationToken {
	f.tb.Helper()
	t, err := f.RegistrationToken(f.tb.Context(), id)
	if err != nil {
		f.tb.Fatalf("read a registration token: %v", err)
	}
	return t
}

func (f fixture) readAuthToken(id string) *models.AuthToken {
	f.tb.Helper()
	t, err := f.AuthToken(f.tb.Context(), id)
	if err != nil {
		f.tb.Fatalf("read an auth token: %v", err)
	}
	return t
}

// clean fails the test unless the books are in order.
func (f fixture) clean() {
	f.tb.Helper()
	findings, err := f.Check(f.tb.Context())
	if err != nil {
		f.tb.Fatalf("check: %v", err)
	}
	for _, finding := range findings {
		f.tb.Errorf("check found %+v", finding)
	}
}

func (f fixture) wantKind(err error, kind models.Kind, code models.Code) {
	f.tb.Helper()
	if err == nil || models.ErrorKind(err) != kind || models.ErrorCode(err) != code {
		f.tb.Errorf("the error is %v; want kind %q and code %q", err, kind, code)
	}
}
