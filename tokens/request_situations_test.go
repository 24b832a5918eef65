package tokens_test

import (
	"testing"
	"time"

	"muster/models"
	"muster/models/verdict"
	"muster/tokens"
)

// remedyOf is the remedy that the verdict gives for a finding, as it is asked for.
func (r *rig) remedyOf(registrationTokenID string, kind models.FindingKind) models.RequestedRemedy {
	r.t.Helper()
	evidence, err := r.db.Evidence(r.ctx(), registrationTokenID)
	if err != nil {
		r.t.Fatal(err)
	}
	judged := verdict.Judge(models.DefaultVerdictRules(), r.token(registrationTokenID), evidence, r.clock.now())
	for i := range judged.Findings {
		if f := &judged.Findings[i]; f.Kind == kind {
			return models.RequestedRemedy{Kind: f.Remedy.Kind, Count: f.Remedy.Count, Finding: f.Remedy.Finding, ReturnCount: f.Remedy.ReturnCount}
		}
	}
	r.t.Fatalf("the verdict does not find %s: %+v", kind, judged.Findings)
	return models.RequestedRemedy{}
}

// loop lets one device redeem again and again within minutes.
func (r *rig) loop(secret models.Secret, times int) (all []*tokens.IssuedAuthToken) {
	r.t.Helper()
	for range times {
		all = append(all, r.redeem(secret, "bob"))
		r.clock.advance(time.Minute)
	}
	return all
}

// turnAway lets people be refused.
func (r *rig) turnAway(secret models.Secret, names ...string) {
	r.t.Helper()
	for _, name := range names {
		claim := request(secret, name)
		claim.Claimed.FQDN = name + "-pc.example.org"
		if _, err := r.Redeem(r.ctx(), claim); err == nil {
			r.t.Fatalf("%s got in", name)
		}
	}
}

// situation is a request that can be approved, how its number changes, and what is
// seen of its effect.
type situation struct {
	remedy func(r *rig, t *models.RegistrationToken, secret models.Secret) models.RequestedRemedy
	// move makes the number another one; nil where it has none.
	move func(r *rig, t *models.RegistrationToken, secret models.Secret)
	// moved is the number then.
	moved int
	// done reports the effect with a number.
	done func(r *rig, id string, n int) bool
	// change is what the live pages are told beside the request.
	change tokens.ChangeKind
}

// situations are one for each kind of remedy; the registration token has 4 counts.
var situations = map[string]situation{
	"raise": {
		remedy: func(*rig, *models.RegistrationToken, models.Secret) models.RequestedRemedy {
			return models.RequestedRemedy{Kind: models.RemedyRaise, Count: ptr(5)}
		},
		move: func(r *rig, t *models.RegistrationToken, _ models.Secret) {
			if _, err := r.UpdateRegistrationToken(r.ctx(), admin, t.ID, models.RegistrationTokenSettings{Raise: 3}); err != nil {
				r.t.Fatal(err)
			}
		},
		moved:  5,
		done:   func(r *rig, id string, n int) bool { c := r.token(id).Count; return c == 4+n || c == 7+n },
		change: tokens.ChangeRegistrationToken,
	},
	"raise as proposed": {
		remedy: func(r *rig, t *models.RegistrationToken, secret models.Secret) models.RequestedRemedy {
			for _, name := range []string{"a", "b", "c", "d"} {
				claim := request(secret, name)
				claim.Claimed.FQDN = name + ".example.org"
				if _, err := r.Redeem(r.ctx(), claim); err != nil {
					r.t.Fatal(err)
				}
			}
			r.turnAway(secret, "eve", "fay")
			return r.remedyOf(t.ID, models.FindingTooSmall)
		},
		move:   func(r *rig, _ *models.RegistrationToken, secret models.Secret) { r.turnAway(secret, "gus") },
		moved:  3,
		done:   func(r *rig, id string, n int) bool { return r.token(id).Count == 4+n },
		change: tokens.ChangeRegistrationToken,
	},
	"give back": {
		remedy: func(r *rig, t *models.RegistrationToken, secret models.Secret) models.RequestedRemedy {
			for _, issued := range r.loop(secret, 2) {
				if err := r.DeleteAuthToken(r.ctx(), admin, issued.AuthToken.ID, "lost", false); err != nil {
					r.t.Fatal(err)
				}
			}
			return r.remedyOf(t.ID, models.FindingNotGivenBack)
		},
		move: func(r *rig, _ *models.RegistrationToken, secret models.Secret) {
			claim := request(secret, "cat")
			claim.Claimed.FQDN = "cat.example.org"
			issued, err := r.Redeem(r.ctx(), claim)
			if err != nil {
				r.t.Fatal(err)
			}
			if err := r.DeleteAuthToken(r.ctx(), admin, issued.AuthToken.ID, "lost", false); err != nil {
				r.t.Fatal(err)
			}
		},
		moved:  3,
		done:   func(r *rig, id string, _ int) bool { return r.token(id).UsedCount == 0 },
		change: tokens.ChangeAuthTokenDeleted,
	},
	"delete the surplus": {
		remedy: func(r *rig, t *models.RegistrationToken, secret models.Secret) models.RequestedRemedy {
			r.loop(secret, 3)
			return r.remedyOf(t.ID, models.FindingRetryLoop)
		},
		move:   func(r *rig, _ *models.RegistrationToken, secret models.Secret) { r.loop(secret, 1) },
		moved:  3,
		done:   func(r *rig, id string, _ int) bool { return r.token(id).UsedCount == 1 },
		change: tokens.ChangeAuthTokenDeleted,
	},
	"delete these": {
		remedy: func(r *rig, _ *models.RegistrationToken, secret models.Secret) models.RequestedRemedy {
			remedy := models.RequestedRemedy{Kind: models.RemedyDelete, ReturnCount: true}
			for _, issued := range r.loop(secret, 3) {
				remedy.AuthTokens = append(remedy.AuthTokens, issued.AuthToken.ID)
			}
			return remedy
		},
		move: func(r *rig, t *models.RegistrationToken, _ models.Secret) {
			asked, err := r.db.Requests(r.ctx(), models.RequestFilter{RegistrationTokenID: t.ID}, models.PageRequest{}, r.clock.now())
			if err != nil {
				r.t.Fatal(err)
			}
			if err := r.DeleteAuthToken(r.ctx(), admin, asked.Items[0].Remedy.AuthTokens[0], "lost", true); err != nil {
				r.t.Fatal(err)
			}
		},
		moved:  2,
		done:   func(r *rig, id string, _ int) bool { return r.token(id).UsedCount == 0 },
		change: tokens.ChangeAuthTokenDeleted,
	},
	"replace": {
		remedy: func(*rig, *models.RegistrationToken, models.Secret) models.RequestedRemedy {
			return models.RequestedRemedy{Kind: models.RemedyReplace}
		},
		move:  func(r *rig, _ *models.RegistrationToken, secret models.Secret) { r.redeem(secret, "bob") },
		moved: 3,
		done: func(r *rig, id string, n int) bool {
			by := r.token(id).ReplacedByID
			return by != nil && r.token(*by).Count == n
		},
		change: tokens.ChangeRegistrationToken,
	},
	"extend": {
		remedy: func(r *rig, _ *models.RegistrationToken, _ models.Secret) models.RequestedRemedy {
			return models.RequestedRemedy{Kind: models.RemedyExtend, ExpiresAt: ptr(r.clock.now().Add(60 * 24 * time.Hour))}
		},
		done: func(r *rig, id string, _ int) bool {
			return r.token(id).ExpiresAt.After(r.clock.now().Add(59 * 24 * time.Hour))
		},
		change: tokens.ChangeRegistrationToken,
	},
	"enable": {
		remedy: func(r *rig, t *models.RegistrationToken, _ models.Secret) models.RequestedRemedy {
			if _, err := r.UpdateRegistrationToken(r.ctx(), admin, t.ID, models.RegistrationTokenSettings{Enabled: ptr(false)}); err != nil {
				r.t.Fatal(err)
			}
			return models.RequestedRemedy{Kind: models.RemedyEnable}
		},
		done:   func(r *rig, id string, _ int) bool { return r.token(id).DisabledAt == nil },
		change: tokens.ChangeRegistrationToken,
	},
}

func eachSituation(t *testing.T, test func(t *testing.T, s situation)) {
	t.Helper()
	for name, s := range situations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, s)
		})
	}
}

// number is what is expected of a request without a changed number.
func number(asked *models.Request) int {
	if asked.Remedy.Count == nil {
		return 0
	}
	return *asked.Remedy.Count
}
