package verdict_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"muster/internal/test/histories"
	"muster/models"
	"muster/models/verdict"
)

// generated are as many pasts of machines that do anything.
const generated = 10_000

// TestJudge_RemediesAreSafe holds for whatever happened: nobody who is not named
// loses anything, and every number is that of the act.
func TestJudge_RemediesAreSafe(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	proposed := map[models.RemedyKind]int{}
	for n := range uint64(generated) {
		r := rand.New(rand.NewPCG(seed, n))
		h := anything(r)
		token, rows, refused := h.Told("told", monday)
		now := monday.Add(h.Looked)
		e := histories.Evidence(rows, refused)
		v := verdict.Judge(models.DefaultVerdictRules(), &token, e, now)
		for _, f := range v.Findings {
			proposed[f.Remedy.Kind]++
		}
		problems := unsafe(&token, e, &v, now)
		// The same uses and refusals in another order.
		other := &models.Evidence{}
		for _, i := range r.Perm(len(e.Uses)) {
			other.Uses = append(other.Uses, retold(other, e, e.Uses[i]))
		}
		for _, i := range r.Perm(len(e.Refused)) {
			a := e.Refused[i]
			a.Person, a.Device = other.Keys.Of(e.Keys.String(a.Person)), other.Keys.Of(e.Keys.String(a.Device))
			other.Refused = append(other.Refused, a)
		}
		if again := verdict.Judge(models.DefaultVerdictRules(), &token, other, now); !reflect.DeepEqual(v, again) {
			problems = append(problems, fmt.Sprintf("in another order: %+v", again))
		}
		if len(problems) > 0 {
			t.Fatalf("seed %d, history %d: %q\n%+v", seed, n, problems, v)
		}
	}
	for _, kind := range models.RemedyKinds {
		if proposed[kind] == 0 {
			t.Errorf("%s was never proposed", kind)
		}
	}
}

// retold is a use with its texts in another evidence.
func retold(to, from *models.Evidence, u models.UseFacts) models.UseFacts {
	for _, text := range []*models.Text{&u.Person, &u.Device, &u.Account} {
		*text = to.Keys.Of(from.Keys.String(*text))
	}
	for _, text := range []*models.Text{&u.Network, &u.Realm, &u.Domains[0], &u.Domains[1]} {
		*text = to.Places.Of(from.Places.String(*text))
	}
	for _, text := range []*models.Text{&u.User, &u.Host, &u.MAC} {
		*text = to.Names.Of(from.Names.String(*text))
	}
	return u
}

// unsafe says what is wrong with the remedies of a verdict.
func unsafe(t *models.RegistrationToken, e *models.Evidence, v *models.Verdict, now time.Time) (problems []string) {
	wrong := func(format string, values ...any) { problems = append(problems, fmt.Sprintf(format, values...)) }
	uses := map[string]*models.UseFacts{}
	for i := range e.Uses {
		uses[e.Uses[i].AuthTokenID] = &e.Uses[i]
	}
	counts, givable, raise := 0, 0, 0
	acted := map[string]models.FindingKind{}
	for _, f := range v.Findings {
		counts += f.Counts
		r := f.Remedy
		if f.Names == nil || len(f.Names) > models.MaxFindingNames {
			wrong("%s names %v", f.Kind, f.Names)
		}
		if why := f.Unused; f.Kind == models.FindingUnusedSeats && why.Ended+why.Lapsed+why.NeverRefreshed+why.Silent != f.Counts {
			wrong("of %d unused: %+v", f.Counts, why)
		}
		if r.Kind == models.RemedyRaise {
			raise += *r.Count
		}
		if !r.Deletes() {
			if len(r.AuthTokens) > 0 && r.Kind != models.RemedyOwnToken {
				wrong("%s deletes, and does not say so", f.Kind)
			}
		} else if *r.Count != len(r.AuthTokens) || *r.Count == 0 || *r.Count > f.Counts || r.Finding != f.Kind || !r.ReturnCount {
			wrong("%s counts %d: %+v", f.Kind, f.Counts, r)
		}
		givable += len(r.AuthTokens)
		for _, id := range r.AuthTokens {
			if other, twice := acted[id]; twice || uses[id] == nil {
				wrong("%s acts on %s, as does %s", f.Kind, id, other)
			}
			acted[id] = f.Kind
		}
		if r.Kind == models.RemedyDeleteSurplus {
			for _, device := range cutOff(e, r.AuthTokens, now) {
				wrong("%s leaves nothing to %s", f.Kind, device)
			}
		}
		if r.Kind == models.RemedyGiveBack || r.Kind == models.RemedyOwnToken {
			for _, id := range r.AuthTokens {
				if u := uses[id]; u.Live(now) && u.Refreshed && now.Sub(u.LastSeenAt) < models.LensSilence {
					wrong("%s gives back %s, which is in use", f.Kind, id)
				}
			}
		}
	}
	if counts != t.UsedCount || v.Uses != t.UsedCount {
		wrong("the findings count %d of %d", counts, t.UsedCount)
	}
	blocked := t.Status(now) != models.StatusActive && t.Status(now) != models.StatusExhausted
	if missing := max(0, len(v.Waiting)-givable-t.RemainingCount()); !blocked && raise != missing || blocked && raise > 0 {
		wrong("%d wait, %d can be given back, %d are left: raise by %d", len(v.Waiting), givable, t.RemainingCount(), raise)
	}
	return problems
}

// cutOff are the devices that had a working seat before those auth tokens are
// deleted, and have none afterwards.
func cutOff(e *models.Evidence, deleted []string, now time.Time) []string {
	before, after := map[models.Text]bool{}, map[models.Text]bool{}
	for i := range e.Uses {
		u := &e.Uses[i]
		if !u.Live(now) {
			continue
		}
		if slices.Contains(deleted, u.AuthTokenID) {
			before[u.Device] = true
		} else {
			after[u.Device] = true
		}
	}
	var all []string
	for device := range before {
		if !after[device] {
			all = append(all, e.Keys.String(device))
		}
	}
	return all
}

// anything is a history in which anything may happen.
func anything(r *rand.Rand) *histories.History {
	const day = 24 * time.Hour
	h := &histories.History{Name: "generated", Looked: time.Duration(1+r.IntN(150)) * day}
	h.Expires = h.Looked + time.Duration(r.IntN(60)-5)*day
	one := func(all ...string) string { return all[r.IntN(len(all))] }
	user := func() string {
		p := r.IntN(12)
		return one(fmt.Sprintf("p%d", p), fmt.Sprintf("p%d", p), fmt.Sprintf(`CONTOSO\P%d`, p), fmt.Sprintf("p%d@contoso.example", p), "SYSTEM", "gitlab-runner", "")
	}
	host := func() string {
		return one(fmt.Sprintf("lt-%d.contoso.example", r.IntN(15)), fmt.Sprintf("lt-%d.contoso.example", r.IntN(15)), fmt.Sprintf("lt-%d", r.IntN(15)),
			"GOLDEN", "localhost", fmt.Sprintf("runner-%08x", r.Uint32()), fmt.Sprintf("pc%d.fabrikam.example", r.IntN(5)), "")
	}
	ip := func() string {
		return one("10.20.1.1", "10.20.2.1", fmt.Sprintf("%d.%d.1.1", 50+r.IntN(20), r.IntN(5)), "")
	}
	for n := r.IntN(40); n > 0; n-- {
		who, where, from, at, again, gap := user(), host(), ip(), time.Duration(r.Int64N(int64(h.Looked))), 1, time.Duration(r.IntN(20))*time.Minute
		if r.IntN(8) == 0 {
			again = 2 + r.IntN(8)
		}
		if r.IntN(12) == 0 {
			at, gap = h.Looked/2, 0 // many at one time
		}
		address := ""
		if r.IntN(3) == 0 {
			address = fmt.Sprintf("00:53:00:00:00:%02x", r.IntN(10))
		}
		if who == "" && where == "" {
			who = "p0"
		}
		for range again {
			u := h.Redeem(at, who, where, from).MAC(address)
			if r.IntN(20) == 0 {
				u.SignedIn(fmt.Sprintf("s%d", r.IntN(4)), fmt.Sprintf("p%d@contoso.example", r.IntN(12)))
			}
			switch r.IntN(6) {
			case 0:
				u.Never()
			case 1:
				u.Until(time.Duration(r.Int64N(int64(h.Looked))))
			}
			if r.IntN(8) == 0 {
				kind := []histories.Kind{histories.Deleted, histories.GivenBack, histories.Ended}[r.IntN(3)]
				h.Then(at+time.Duration(r.Int64N(int64(h.Looked-at)+1)), kind, u)
			}
			at = min(at+gap, h.Looked-time.Second)
		}
	}
	h.Count = max(1, len(h.Uses)+r.IntN(5))
	for range r.IntN(8) {
		h.TurnAway(h.Looked-time.Duration(r.IntN(100))*time.Minute, user()+one("", "x"), host())
	}
	if r.IntN(4) == 0 {
		h.Expected = "p1\np2\np3\np4\nhost:*.contoso.example\n"
	}
	if r.IntN(10) == 0 {
		h.Then(h.Looked-time.Minute, []histories.Kind{histories.Disabled, histories.Replaced, histories.Withdrawn}[r.IntN(3)], nil)
	}
	return h
}
