package storetest

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"muster/models"
)

// held is the model's idea of one auth token.
type held struct {
	id, registrationToken string
	deleted, reclaimed    bool
}

// counted is the model's idea of one registration token.
type counted struct {
	id                         string
	count, used, redemptions   int
	deleted, disabled, expired bool
	replaced                   bool
	updatedAt                  time.Time
}

// anySequence plays random operations against a small model; after each
// sequence the books must be in order and the counts those of the model.
func anySequence(t *testing.T, f fixture) {
	rapid.Check(t, func(rt *rapid.T) {
		var tokens []*counted
		var auths []*held
		now := Epoch
		token := func() *counted {
			if len(tokens) == 0 {
				rt.Skip()
			}
			return rapid.SampledFrom(tokens).Draw(rt, "registration token")
		}
		rt.Repeat(map[string]func(*rapid.T){
			"create": func(rt *rapid.T) {
				r := f.create(rapid.IntRange(1, 4).Draw(rt, "count"))
				tokens = append(tokens, &counted{id: r.ID, count: r.Count, updatedAt: r.UpdatedAt})
			},
			"redeem": func(rt *rapid.T) {
				m := token()
				moment := now
				if m.expired {
					moment = now.Add(365 * 24 * time.Hour)
				}
				c := f.consumption(m.id, at(moment))
				err := f.take(c)
				if m.deleted || m.disabled || m.expired || m.used == m.count {
					if !errors.Is(err, models.ErrNotConsumed) {
						rt.Fatalf("redeeming %+v: %v", *m, err)
					}
					return
				}
				m.used++
				m.redemptions++
				if err != nil || c.Redemption.UseNumber != m.redemptions {
					rt.Fatalf("redeeming %+v: %v, use %d", *m, err, c.Redemption.UseNumber)
				}
				auths = append(auths, &held{id: c.AuthToken.ID, registrationToken: m.id})
			},
			"delete an auth token": func(rt *rapid.T) {
				if len(auths) == 0 {
					rt.Skip()
				}
				a := rapid.SampledFrom(auths).Draw(rt, "auth token")
				reclaim := rapid.Bool().Draw(rt, "reclaim")
				if n := f.delete(a.id, reclaim); (n == 1) == a.deleted {
					rt.Fatalf("deleted %d of %+v", n, *a)
				}
				if reclaim && !a.reclaimed {
					for _, m := range tokens {
						if m.id == a.registrationToken {
							m.used--
						}
					}
				}
				a.deleted, a.reclaimed = true, a.reclaimed || reclaim
			},
			"edit": func(rt *rapid.T) {
				m := token()
				c := change(rapid.IntRange(1, 4).Draw(rt, "new count"))
				c.Enabled = rapid.Bool().Draw(rt, "enabled")
				c.ExpiresAt = Epoch.Add(24 * time.Hour)
				got, err := f.UpdateRegistrationToken(t.Context(), m.id, m.updatedAt, c, now, f.event("x", "y", "z"))
				if m.deleted || c.Count < m.used || (c.Enabled && m.replaced) {
					if models.ErrorKind(err) != models.KindConflict {
						rt.Fatalf("editing %+v: %v", *m, err)
					}
					return
				}
				if err != nil {
					rt.Fatalf("editing %+v: %v", *m, err)
				}
				m.count, m.disabled, m.updatedAt = c.Count, !c.Enabled, got.UpdatedAt
			},
			"replace": func(rt *rapid.T) {
				m := token()
				next := f.token(max(1, m.count-m.used))
				err := f.ReplaceRegistrationToken(t.Context(), m.id, m.used, next, now, "Ada", f.event("x", "y", "z"))
				if m.deleted || m.replaced {
					if models.ErrorKind(err) != models.KindConflict {
						rt.Fatalf("replacing %+v: %v", *m, err)
					}
					return
				}
				if err != nil {
					rt.Fatalf("replacing %+v: %v", *m, err)
				}
				m.replaced, m.disabled, m.updatedAt = true, true, now
				tokens = append(tokens, &counted{id: next.ID, count: next.Count, updatedAt: next.UpdatedAt})
			},
			"delete a registration token": func(rt *rapid.T) {
				m := token()
				with := rapid.Bool().Draw(rt, "with auth tokens")
				if _, err := f.DeleteRegistrationToken(t.Context(), m.id, models.RegistrationTokenDeletion{AuthTokens: with, Reason: "over"}, now, "Ada", f.event("x", "y", "z")); err != nil {
					rt.Fatalf("deleting %+v: %v", *m, err)
				}
				if with {
					for _, a := range auths {
						a.deleted = a.deleted || a.registrationToken == m.id
					}
				}
				m.deleted = true
			},
			"expire": func(*rapid.T) { token().expired = true },
		})
		for _, m := range tokens {
			got := f.read(m.id)
			if got.UsedCount != m.used || got.RedemptionCount != m.redemptions || got.Count != m.count {
				rt.Fatalf("the token is used %d/%d (%d redemptions); the model says %+v", got.UsedCount, got.Count, got.RedemptionCount, *m)
			}
		}
		findings, err := f.Check(t.Context())
		if err != nil || len(findings) > 0 {
			rt.Fatalf("check found %v, %v", findings, err)
		}
	})
}
