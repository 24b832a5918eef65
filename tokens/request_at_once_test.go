package tokens_test

import (
	"testing"

	"muster/models"
	"muster/models/store/storetest"
)

// Many administrators on two replicas decide at once: one does it, and the others are
// told that it is done.
func TestRequest_DecidedByManyAtOnceHappensOnce(t *testing.T) {
	t.Parallel()
	storetest.OnEach(t, func(t *testing.T, url string) {
		for name, s := range situations {
			t.Run(name, func(t *testing.T) {
				url := url
				if name != "raise" { // a database of its own for each
					url = fresh(t, url)
				}
				r := newRigOn(t, url)
				replica := r.service(r.open())
				token, secret := r.create(4)
				asked := r.ask(token.ID, s.remedy(r, token, secret))
				errs := parallel(8, func(i int) error {
					if i%4 == 3 {
						return second(r.DeclineRequest(t.Context(), admin, asked.ID, "no"))
					}
					if i%2 == 0 {
						return second(r.ApproveRequest(t.Context(), admin, asked.ID, nil))
					}
					return second(replica.ApproveRequest(t.Context(), admin, asked.ID, nil))
				})
				won := 0
				for _, err := range errs {
					if err == nil {
						won++
					} else {
						refused(t, err, models.KindConflict, models.CodeRequestDecided)
					}
				}
				state := r.request(asked.ID).State
				if done := s.done(r, token.ID, number(asked)); won != 1 || done != (state == models.RequestApproved) {
					t.Errorf("%d of 8 decided; it is %s, done: %t", won, state, done)
				}
				events, err := r.db.AuditEvents(t.Context(), models.AuditFilter{ObjectKind: models.ObjectRequest, ObjectID: asked.ID}, models.PageRequest{})
				if err != nil || len(events.Items) != 2 {
					t.Errorf("the trail has %d events of it, %v", len(events.Items), err)
				}
			})
		}
	})
}

// fresh is another database of the same kind.
func fresh(t *testing.T, url string) string {
	t.Helper()
	if url[0] == 's' {
		return storetest.SQLite(t)
	}
	return storetest.Postgres(t)
}
