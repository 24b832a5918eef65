package verdict

import (
	"cmp"
	"slices"
	"time"

	"muster/models"
)

// finding is a finding in the making: what a rule says, and which uses it claims.
type finding struct {
	models.Finding
	// uses are all that it accounts for, acted those that its remedy acts on.
	uses, acted []int32
	remedyKind  models.RemedyKind
	// about is whom it is about and what they are called; nil for devices.
	about func(*models.UseFacts) (who, name models.Text)
}

func aboutDevice(u *models.UseFacts) (who, name models.Text) {
	name = cmp.Or(u.Host, u.User, u.MAC)
	return cmp.Or(u.Device, name), name
}

func aboutUser(u *models.UseFacts) (who, name models.Text) {
	return cmp.Or(u.Person, u.Account, u.User), u.User
}

// claim makes a finding account for its uses.
func (l *ledger) claim(f *finding) {
	if f == nil || len(f.uses) == 0 {
		return
	}
	f.uses, f.acted = l.inOrder(f.uses), l.inOrder(f.acted)
	l.findings = append(l.findings, f)
	for _, i := range f.uses {
		l.owner[i] = uint8(len(l.findings))
	}
}

// inOrder puts uses in the order of time.
func (l *ledger) inOrder(uses []int32) []int32 {
	in := make([]bool, len(l.uses))
	for _, i := range uses {
		in[i] = true
	}
	ordered := make([]int32, 0, len(uses))
	for _, i := range l.order {
		if in[i] {
			ordered = append(ordered, i)
		}
	}
	return ordered
}

// remedy is what mends the finding. What deletes returns the counts too.
func (f *finding) remedy(l *ledger) models.Remedy {
	switch f.remedyKind {
	case models.RemedyDelete, models.RemedyDeleteSurplus, models.RemedyGiveBack:
	case models.RemedyOwnToken:
		return models.Remedy{Kind: f.remedyKind}
	default:
		return counted(f.remedyKind, len(f.uses))
	}
	r := counted(f.remedyKind, len(f.acted))
	r.Finding, r.ReturnCount, r.AuthTokens = f.Kind, true, make([]string, len(f.acted))
	for n, i := range f.acted {
		r.AuthTokens[n] = l.uses[i].AuthTokenID
	}
	return r
}

// names are the names of whom the finding is about, as they were last called:
// whoever took most first, then whoever came first.
func (l *ledger) names(f *finding) []string {
	about := f.about
	if about == nil {
		about = aboutDevice
	}
	took, last := make([]int32, l.evidence.Texts()), make([]models.Text, l.evidence.Texts())
	for _, i := range f.uses {
		who, name := about(&l.uses[i])
		took[who]++
		last[who] = name
	}
	most := make([]models.Text, 0, models.MaxFindingNames+1)
	for _, i := range f.uses {
		who, _ := about(&l.uses[i])
		if len(most) == models.MaxFindingNames && took[who] <= took[most[len(most)-1]] || slices.Contains(most, who) {
			continue
		}
		at := slices.IndexFunc(most, func(other models.Text) bool { return took[other] < took[who] })
		if at < 0 {
			at = len(most)
		}
		most = slices.Insert(most, at, who)
		most = most[:min(len(most), models.MaxFindingNames)]
	}
	names := make([]string, len(most))
	for i, who := range most {
		names[i] = l.evidence.String(last[who])
	}
	return names
}

// span is the time from the first of uses to the last, which are in order.
func (l *ledger) span(uses []int32) (from, to time.Time) {
	return l.uses[uses[0]].At, l.uses[uses[len(uses)-1]].At
}

// tally counts uses, people and devices, of each finding and in all.
type tally struct {
	people, devices int
	of              [maxFindings]struct{ uses, people, devices int }
}

// maxFindings is the number of rules plus one, for what none of them claims.
const maxFindings = 10

func (l *ledger) tally() tally {
	var t tally
	for i := range l.uses {
		t.of[l.owner[i]].uses++
	}
	for _, of := range l.byPerson.all {
		t.people++
		for n := range l.owners(of) {
			t.of[n].people++
		}
	}
	for _, of := range l.byDevice.all {
		t.devices++
		for n := range l.owners(of) {
			t.of[n].devices++
		}
	}
	return t
}

// owners are the findings that account for some of the uses, each once.
func (l *ledger) owners(of []int32) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		var seen [maxFindings]bool
		for _, i := range of {
			if n := l.owner[i]; !seen[n] {
				seen[n] = true
				if !yield(int(n)) {
					return
				}
			}
		}
	}
}
