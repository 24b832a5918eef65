package seen

import (
	"context"
	"time"

	"muster/models"
	"muster/models/verdict"
)

type (
	finding = models.Finding
	waiting = models.Waiting
)

// Finding is a finding of a verdict, as its viewer may see it.
type Finding struct {
	finding
	// UsualMasked says that Usual is what the viewer may see of what the others
	// have in common.
	UsualMasked bool
}

// Waiting is somebody who was turned away and has nothing yet.
type Waiting struct{ waiting }

// Person is who is waiting.
func (w *Waiting) Person() Person { return personOf(w.VerifiedIdentity, w.ClaimedIdentity) }

// Verdict says what became of the counts of a registration token; see
// [models.Verdict].
type Verdict struct {
	Findings              []Finding
	Waiting               []Waiting
	Uses, People, Devices int
	UnusedSeats           int
}

// Verdict judges what became of the counts as of now, by all uses.
func (r *Reader) Verdict(ctx context.Context, v Viewer, t *RegistrationToken, now time.Time) (Verdict, error) {
	evidence, err := r.store.Evidence(ctx, t.ID)
	if err != nil {
		return Verdict{}, err
	}
	return v.verdict(verdict.Judge(r.verdict, &t.registrationToken, evidence, now), t.ID), nil
}

func (v Viewer) verdict(judged models.Verdict, registrationTokenID string) Verdict {
	shows := v.sees(object{models.ObjectRegistrationToken, registrationTokenID})
	return Verdict{
		Uses: judged.Uses, People: judged.People, Devices: judged.Devices, UnusedSeats: judged.UnusedSeats,
		Findings: shown(judged.Findings, func(f *models.Finding) Finding {
			s := Finding{finding: *f}
			if !shows {
				s.Names = shown(f.Names, func(name *string) string { return maskText(*name) })
				maskTexts(&s.Usual)
				s.UsualMasked = s.Usual != f.Usual
			}
			return s
		}),
		Waiting: shown(judged.Waiting, func(w *models.Waiting) Waiting {
			s := Waiting{*w}
			if !shows {
				maskClaimed(&s.ClaimedIdentity)
				maskVerified(&s.VerifiedIdentity)
				s.IP = maskIP(w.IP)
			}
			return s
		}),
	}
}
