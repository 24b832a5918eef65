package seen

import (
	"context"
	"time"

	"muster/models"
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
	Findings []Finding
	Waiting  []Waiting
	Judged   int
}

// Verdict judges what became of the counts as of now. It looks at the newest
// uses and refusals only, so that a million of them cost no more than a few
// hundred.
func (r *Reader) Verdict(ctx context.Context, v Viewer, t *RegistrationToken, now time.Time) (Verdict, error) {
	newest := models.PageRequest{Size: models.MaxPageSize}
	uses, err := r.store.TokenUses(ctx, t.ID, newest)
	if err != nil {
		return Verdict{}, err
	}
	refused, err := r.store.RefusedAttempts(ctx, models.RefusedAttemptFilter{RegistrationTokenID: t.ID}, newest)
	if err != nil {
		return Verdict{}, err
	}
	judged := r.verdict.Judge(&t.registrationToken, uses.Items, refused.Items, now)
	return v.verdict(judged, t.ID), nil
}

func (v Viewer) verdict(judged models.Verdict, registrationTokenID string) Verdict {
	shows := v.sees(object{models.ObjectRegistrationToken, registrationTokenID})
	return Verdict{
		Judged: judged.Judged,
		Findings: shown(judged.Findings, func(f *models.Finding) Finding {
			s := Finding{finding: *f}
			if !shows {
				maskTexts(&s.Name, &s.Usual)
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
