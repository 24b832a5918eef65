package verdict

import (
	"slices"
	"time"

	"muster/models"
)

// Kept are the live auth tokens of the devices that the given ones belong to, those
// left out: what these devices still hold once the given ones are deleted. In
// order.
func Kept(e *models.Evidence, deleted []string, now time.Time) []string {
	gone := make(map[string]bool, len(deleted))
	for _, id := range deleted {
		gone[id] = true
	}
	devices := map[models.Text]bool{}
	for i := range e.Uses {
		if u := &e.Uses[i]; gone[u.AuthTokenID] && u.Device != 0 {
			devices[u.Device] = true
		}
	}
	kept := []string{}
	for i := range e.Uses {
		if u := &e.Uses[i]; !gone[u.AuthTokenID] && devices[u.Device] && u.Live(now) {
			kept = append(kept, u.AuthTokenID)
		}
	}
	slices.Sort(kept)
	return kept
}
