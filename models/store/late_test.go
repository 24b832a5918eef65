package store_test

import (
	"context"
	"testing"
	"time"

	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
)

// A page asks several questions. Once one of them waited in vain, the others do not
// wait as well, except what would change something.
func TestDesk_ALateAnswerDoesNotWaitAgain(t *testing.T) {
	t.Parallel()
	url := storetest.Postgres(t)
	s := storetest.Open(t, url, store.WithDeskPatience(time.Hour))
	if err := s.CreateRegistrationToken(t.Context(), newToken("t", 9), newEvent("created")); err != nil {
		t.Fatal(err)
	}
	account(t, s, "a", "ann")
	current(t, s)
	holding := began(t, url, "UPDATE auth_tokens SET identifier = 'held' WHERE id = 'auth a'")
	account(t, s, "b", "ann")
	defer func() {
		if err := holding.Rollback(); err != nil {
			t.Error(err)
		}
	}()

	late, done := context.WithTimeout(models.WithAsOf(t.Context()), 20*time.Second)
	defer done()
	models.NoteAsOf(late, day)
	ofAnn := models.AuthTokenFilter{ClaimedIdentity: models.ClaimedIdentity{SystemUserName: "Ann"}}
	if page, err := s.AuthTokens(late, ofAnn, models.PageRequest{}, day); err != nil || len(page.Items) != 1 {
		t.Errorf("a list: %d, %v", len(page.Items), err)
	}
	if groups, err := s.UseGroups(late, ofAnn, models.FacetDevice, models.PageRequest{}, day); err != nil || len(groups.Items) != 1 {
		t.Errorf("groups: %d, %v", len(groups.Items), err)
	}
	if e, err := s.Evidence(late, "t"); err != nil || len(e.Uses) != 2 {
		t.Errorf("evidence: %v", err)
	}
	if at, _ := models.AsOf(late); !at.Equal(day) {
		t.Errorf("it is as of %v in the end", at)
	}
	hasty := storetest.Open(t, url, store.WithDeskPatience(100*time.Millisecond))
	for name, filter := range map[string]models.AuthTokenFilter{
		"of a user": ofAnn, "of a customer": {CustomerID: models.DefaultCustomerID},
		"of silent ones": {Lens: models.LensSilent}, "of unexpected ones": {Lens: models.LensUnexpected},
	} {
		if _, _, err := hasty.DeleteAuthTokens(late, models.AuthTokenDeletion{Filter: filter}, day, "Ada", newEvent("")); models.ErrorKind(err) != models.KindUnavailable {
			t.Errorf("a deletion %s goes by what is late: %v", name, err)
		}
	}
}
