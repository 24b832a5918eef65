package seen

import (
	"cmp"
	"context"
	"slices"
	"time"

	"muster/models"
	"muster/models/names"
)

// TurnedAway is who was turned away from a registration token for one cause and has
// got nothing yet.
type TurnedAway struct {
	// Last is the newest of their attempts: it has the registration token and the cause.
	Last RefusedAttempt
	// Waiting are the people, and the devices that no person is known of: who came last
	// first.
	Waiting []Person
	// Devices is how many of them are devices.
	Devices int
}

// cause is what TurnedAway is grouped by.
type cause struct {
	registrationTokenID string
	reason              models.Code
	rule                models.AdmissionRule
}

// TurnedAway lists who was turned away since a time and still waits, by registration
// token and cause, the newest first, at most limit. Who was refused for the count
// waits as the verdict says; anybody else until they got an auth token, of whichever
// registration token. The newest 500 attempts are looked at, and those alone after
// which all that was got is known. KindUnavailable while the desk is being put together.
func (r *Reader) TurnedAway(ctx context.Context, v Viewer, since, now time.Time, limit int) ([]TurnedAway, error) {
	page, err := r.store.RefusedAttempts(ctx, models.RefusedAttemptFilter{}, models.PageRequest{Size: models.MaxPageSize})
	if err != nil {
		return nil, err
	}
	refused := slices.DeleteFunc(page.Items, func(a models.RefusedAttempt) bool { return a.AttemptedAt.Before(since) })
	if len(refused) == 0 {
		return nil, nil
	}
	got, err := r.store.AuthTokens(ctx, models.AuthTokenFilter{From: since}, models.PageRequest{Size: models.MaxPageSize}, now)
	if err != nil {
		return nil, err
	}
	var groups []TurnedAway
	for of, who := range stillWaiting(tellable(refused, got), got.Items) {
		group := TurnedAway{Last: v.refusedAttempt(who[0].attempt), Devices: len(who)}
		for _, w := range who {
			shown := v.refusedAttempt(w.attempt)
			group.Waiting = append(group.Waiting, shown.Person())
			if w.person {
				group.Devices--
			}
		}
		if of.reason == models.CodeRegistrationTokenExhausted {
			judged, _, err := r.judge(ctx, of.registrationTokenID, now)
			if err != nil {
				return nil, err
			}
			group.waitAsJudged(v.verdict(judged, of.registrationTokenID))
		}
		if len(group.Waiting) > 0 {
			groups = append(groups, group)
		}
	}
	slices.SortFunc(groups, func(a, b TurnedAway) int {
		return cmp.Or(b.Last.AttemptedAt.Compare(a.Last.AttemptedAt), cmp.Compare(b.Last.ID, a.Last.ID))
	})
	return groups[:min(limit, len(groups))], nil
}

// tellable leaves out who was refused before the oldest auth token of a list that goes
// on: they may have got one that is not in it. Of the count the verdict knows.
func tellable(refused []models.RefusedAttempt, got models.Page[models.AuthToken]) []models.RefusedAttempt {
	if got.NextToken == "" {
		return refused
	}
	oldest := got.Items[len(got.Items)-1].CreatedAt
	return slices.DeleteFunc(refused, func(a models.RefusedAttempt) bool {
		return a.Reason != models.CodeRegistrationTokenExhausted && a.AttemptedAt.Before(oldest)
	})
}

// waitAsJudged takes over who waits for the count, whoever came last first.
func (t *TurnedAway) waitAsJudged(v Verdict) {
	t.Waiting, t.Devices = nil, 0
	for i := range v.Waiting {
		t.Waiting = append(t.Waiting, v.Waiting[i].Person())
		if v.Waiting[i].Nobody {
			t.Devices++
		}
	}
	slices.Reverse(t.Waiting)
}

// waits is the newest attempt of somebody for one cause; person is false for a device
// that no person is known of.
type waits struct {
	attempt *models.RefusedAttempt
	person  bool
}

// stillWaiting are those who got none of the auth tokens after their newest attempt,
// by cause. Both lists have the newest first.
func stillWaiting(refused []models.RefusedAttempt, got []models.AuthToken) map[cause][]waits {
	sightings := make([]names.Sighting, 0, len(refused)+len(got))
	for i := range refused {
		sightings = append(sightings, models.SightingOf(refused[i].VerifiedIdentity, refused[i].ClaimedIdentity))
	}
	for i := range got {
		sightings = append(sightings, models.SightingOf(got[i].VerifiedIdentity, got[i].ClaimedIdentity))
	}
	who := names.Rules{}.Resolve(sightings)
	last := map[string]time.Time{} // when a person or a device got something
	for i := range got {
		for _, key := range []string{who[len(refused)+i].Person, who[len(refused)+i].Device} {
			if got[i].CreatedAt.After(last[key]) {
				last[key] = got[i].CreatedAt
			}
		}
	}
	type once struct {
		cause
		key string
	}
	counted, groups := map[once]bool{}, map[cause][]waits{}
	for i := range refused {
		a, id := &refused[i], who[i]
		key, of := cmp.Or(id.Person, id.Device), cause{reason: a.Reason, rule: a.AdmissionRule}
		if a.RegistrationTokenID != nil {
			of.registrationTokenID = *a.RegistrationTokenID
		}
		if key == "" || counted[once{of, key}] || last[key].After(a.AttemptedAt) {
			continue
		}
		counted[once{of, key}] = true
		groups[of] = append(groups[of], waits{a, id.Person != ""})
	}
	return groups
}
