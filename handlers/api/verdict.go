package api

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	"muster/views/telling"
)

type verdictJSON struct {
	Sentence    string        `json:"sentence"`
	Uses        int           `json:"uses"`
	People      int           `json:"people"`
	Devices     int           `json:"devices"`
	Waiting     int           `json:"waiting"`
	UnusedSeats int           `json:"unusedSeats"`
	Findings    []findingJSON `json:"findings"`
}

type findingJSON struct {
	Kind     models.FindingKind `json:"kind"`
	Counts   int                `json:"counts"`
	People   int                `json:"people"`
	Devices  int                `json:"devices"`
	Names    []string           `json:"names"`
	Sentence string             `json:"sentence"`
	Remedy   remedyJSON         `json:"remedy"`
}

type remedyJSON struct {
	Kind models.RemedyKind `json:"kind"`
	// Count is null where a number has no meaning.
	Count *int `json:"count"`
	// Request is null for a remedy that neither deletes nor gives back.
	Request *remedyRequestJSON `json:"request"`
}

// remedyRequestJSON is the body of a bulk deletion that carries a remedy out. It
// holds no name and no address, so that whoever sees those masked can hand it on.
type remedyRequestJSON struct {
	Filter struct {
		RegistrationToken string             `json:"registrationToken"`
		Finding           models.FindingKind `json:"finding"`
	} `json:"filter"`
	ReturnCount bool `json:"returnCount"`
	Expected    int  `json:"expected"`
}

// Verdict answers what became of the counts, and what would mend it.
func (h *RegistrationTokens) Verdict(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	ctx, v, now := c.Request().Context(), web.Viewer(c), h.Now().UTC()
	t, err := h.Read.RegistrationToken(ctx, v, c.Param("id"))
	if err != nil {
		return err
	}
	judged, err := h.Read.Verdict(ctx, v, t, now)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, map[string]verdictJSON{"verdict": verdictJSONOf(&judged, t, now)})
}

func verdictJSONOf(judged *seen.Verdict, t *seen.RegistrationToken, now time.Time) verdictJSON {
	v := verdictJSON{
		Sentence: telling.VerdictSentence(judged, t, now),
		Uses:     judged.Uses, People: judged.People, Devices: judged.Devices,
		Waiting: len(judged.Waiting), UnusedSeats: judged.UnusedSeats, Findings: []findingJSON{},
	}
	for i := range judged.Findings {
		f := &judged.Findings[i]
		v.Findings = append(v.Findings, findingJSON{
			Kind: f.Kind, Counts: f.Counts, People: f.People, Devices: f.Devices, Names: append([]string{}, f.Names...),
			Sentence: telling.FindingSentence(f, judged, t, now), Remedy: remedyJSONOf(&f.Remedy, t.ID),
		})
	}
	return v
}

func remedyJSONOf(r *models.Remedy, registrationTokenID string) remedyJSON {
	remedy := remedyJSON{Kind: r.Kind, Count: r.Count}
	if r.Deletes() {
		request := &remedyRequestJSON{ReturnCount: r.ReturnCount, Expected: len(r.AuthTokens)}
		request.Filter.RegistrationToken, request.Filter.Finding = registrationTokenID, r.Finding
		remedy.Request = request
	}
	return remedy
}
