package seen

import (
	"context"
	"time"

	"muster/models"
	"muster/models/mask"
	"muster/models/verdict"
)

type (
	finding = models.Finding
	waiting = models.Waiting
)

// Finding is a finding of a verdict, as its viewer may see it.
type Finding struct{ finding }

// Waiting is somebody who was turned away and has nothing yet.
type Waiting struct{ waiting }

// Person is who is waiting.
func (w *Waiting) Person() Person { return personOf(w.VerifiedIdentity, w.ClaimedIdentity) }

// Verdict says what became of the counts of a registration token; see
// [models.Verdict].
type Verdict struct {
	Findings              []Finding
	Waiting               []Waiting
	Holding               map[string]models.Holding // by support code
	Uses, People, Devices int
	UnusedSeats           int
	Recent                int
	RunsOut               time.Time
}

// Verdict judges what became of the counts as of now, by all uses.
func (r *Reader) Verdict(ctx context.Context, v Viewer, t *RegistrationToken, now time.Time) (Verdict, error) {
	evidence, err := r.store.Evidence(ctx, t.ID)
	if err != nil {
		return Verdict{}, err
	}
	return v.verdict(verdict.Judge(r.verdict, &t.registrationToken, evidence, now), t.ID), nil
}

// workedOut is the filter with the auth tokens of its finding in place of it.
func (r *Reader) workedOut(ctx context.Context, f models.AuthTokenFilter, now time.Time) (models.AuthTokenFilter, error) {
	if f.Finding == "" {
		return f, nil
	}
	judged, _, err := r.judge(ctx, f.RegistrationTokenID, now)
	f.IDs, f.Finding = judged.AuthTokensOf(f.Finding), ""
	return f, err
}

// Remedied is whom the remedy of a finding concerns: the auth tokens that it acts on,
// and the live ones that their devices still hold afterwards, the newest of each.
type Remedied struct {
	Acted, Kept []AuthToken
	// KeptNumber is how many are kept in all.
	KeptNumber int
}

// Remedied says whom the remedy of a finding concerns, a page of each at most.
// KindNotFound.
func (r *Reader) Remedied(ctx context.Context, v Viewer, registrationTokenID string, kind models.FindingKind, now time.Time) (Remedied, error) {
	judged, evidence, err := r.judge(ctx, registrationTokenID, now)
	if err != nil {
		return Remedied{}, err
	}
	acted := judged.AuthTokensOf(kind)
	kept := verdict.Kept(evidence, acted, now)
	newest := func(ids []string) ([]AuthToken, error) {
		page, err := r.AuthTokens(ctx, v, models.AuthTokenFilter{IDs: ids, RegistrationTokenID: registrationTokenID}, models.PageRequest{Size: models.MaxPageSize}, now)
		return page.Items, err
	}
	result := Remedied{KeptNumber: len(kept)}
	if result.Acted, err = newest(acted); err != nil {
		return result, err
	}
	result.Kept, err = newest(kept)
	return result, err
}

func (r *Reader) judge(ctx context.Context, registrationTokenID string, now time.Time) (models.Verdict, *models.Evidence, error) {
	t, err := r.store.RegistrationToken(ctx, registrationTokenID)
	if err != nil {
		return models.Verdict{}, nil, err
	}
	evidence, err := r.store.Evidence(ctx, t.ID)
	if err != nil {
		return models.Verdict{}, nil, err
	}
	return verdict.Judge(r.verdict, t, evidence, now), evidence, nil
}

func (v Viewer) verdict(judged models.Verdict, registrationTokenID string) Verdict {
	shows := v.sees(object{models.ObjectRegistrationToken, registrationTokenID})
	return Verdict{
		Uses: judged.Uses, People: judged.People, Devices: judged.Devices, UnusedSeats: judged.UnusedSeats, Holding: judged.Holding,
		Recent: judged.Recent, RunsOut: judged.RunsOut,
		Findings: shown(judged.Findings, func(f *models.Finding) Finding {
			s := Finding{finding: *f}
			if !shows {
				s.Names = shown(f.Names, func(name *string) string { return mask.Text(*name) })
				maskTexts(&s.Usual)
			}
			return s
		}),
		Waiting: shown(judged.Waiting, func(w *models.Waiting) Waiting {
			s := Waiting{*w}
			if !shows {
				maskClaimed(&s.ClaimedIdentity)
				maskVerified(&s.VerifiedIdentity)
				s.IP = mask.IP(w.IP)
			}
			return s
		}),
	}
}
