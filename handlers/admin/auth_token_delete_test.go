package admin

import (
	"testing"
	"time"

	"muster/models"
	"muster/seen"
	views "muster/views/admin"
)

// No present role can delete what it sees masked. A future one must not learn
// hidden addresses from the number of auth tokens it would delete.
func TestDeletion_SelectsByWhatTheViewerSees(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	h := &AuthTokens{Read: seen.NewReader(nil, make([]byte, 32), models.DefaultVerdictRules(), func() time.Time { return now })}
	form := views.AuthTokenDeleteForm{Match: "q=alice&state=live"}
	for masked, permissions := range map[bool][]models.Permission{
		true:  {models.PermissionAuthTokenWrite},
		false: {models.PermissionAuthTokenWrite, models.PermissionPersonalDataRead},
	} {
		viewer := seen.NewViewer(models.Actor{Kind: models.ActorPerson, ID: "p", Permissions: permissions}, "")
		filter, err := h.filterToDelete(t.Context(), viewer, form)
		if err != nil || filter.Search != "alice" || filter.State != models.AuthTokenLive || filter.AsMasked != masked {
			t.Errorf("masked %t: %+v, %v", masked, filter, err)
		}
	}
}
