package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"muster/models"
)

// idAfter is an id of some time after the epoch; n tells several apart.
func idAfter(after time.Duration, n byte) string {
	id := ulid.ULID{15: n}
	if err := id.SetTime(ulid.Timestamp(Epoch.Add(after))); err != nil {
		panic(err)
	}
	return strings.ToLower(id.String())
}

// callsAreFoundByTheirRequestID looks for what became of calls; the ids of rows are made
// soon after those of calls.
func callsAreFoundByTheirRequestID(t *testing.T, f fixture) {
	token := f.create(3)
	refuse := func(code, requestID, id string) {
		t.Helper()
		_, err := f.RecordRefusedAttempt(t.Context(), &models.RefusedAttempt{
			ID: id, SupportCode: code, RegistrationTokenID: &token.ID, RequestID: requestID,
			Reason: models.CodeRegistrationTokenExhausted, AttemptedAt: Epoch, Channel: models.ChannelREST,
		}, models.RefusedCaps{Total: 10})
		if err != nil {
			t.Fatal(err)
		}
	}
	refused, other, redeemed, nothing := idAfter(time.Hour, 1), idAfter(time.Hour, 2), idAfter(2*time.Hour, 1), idAfter(time.Hour, 3)
	refuse("AAAA-0001", refused, idAfter(time.Hour+3*time.Second, 9))
	refuse("AAAA-0002", other, idAfter(time.Hour+3*time.Second, 8))
	made := f.redeem(token.ID, func(c *models.Consumption) {
		c.Redemption.ID = idAfter(2*time.Hour+time.Second, 9)
		c.AuthToken.RedemptionID, c.Redemption.RequestID = c.Redemption.ID, redeemed
	})
	for id, want := range map[string]struct{ code, authToken string }{
		refused: {"AAAA-0001", ""}, other: {"AAAA-0002", ""}, redeemed: {"", made.AuthToken.ID},
	} {
		code, authToken, err := f.OfCall(t.Context(), id)
		if err != nil || code != want.code || authToken != want.authToken {
			t.Errorf("call %s became %q, %q, %v", id, code, authToken, err)
		}
	}
	for _, id := range []string{nothing, "", "no id", "7zzzzzzzzzzzzzzzzzzzzzzzzz", "00000000000000000000000000"} {
		_, _, err := f.OfCall(t.Context(), id)
		f.wantKind(err, models.KindNotFound, models.CodeNotFound)
	}
}
