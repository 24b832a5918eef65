package histories

import (
	"fmt"
	"slices"

	"muster/models"
)

// Check says in which points a verdict on the registration token differs from the
// truth; none when it is right.
func (h *History) Check(t *models.RegistrationToken, v *models.Verdict) (problems []string) {
	wrong := func(format string, values ...any) { problems = append(problems, fmt.Sprintf(format, values...)) }
	number := func(what string, got, want int) {
		if got != want {
			wrong("%s: %d, want %d", what, got, want)
		}
	}
	number("uses", v.Uses, t.UsedCount)
	number("people", v.People, h.Truth.People)
	number("devices", v.Devices, h.Truth.Devices)
	number("waiting", len(v.Waiting), h.Truth.Waiting)
	number("unused seats", v.UnusedSeats, h.Truth.Unused)
	var findings []string
	sum := 0
	for i := range v.Findings {
		f := &v.Findings[i]
		findings = append(findings, fmt.Sprintf("%s %d", f.Kind, f.Counts))
		sum += f.Counts
		if slices.Contains(h.Truth.Never, f.Remedy.Kind) {
			wrong("%s proposes %s", f.Kind, told(&f.Remedy))
		}
	}
	number("counts of all findings", sum, t.UsedCount)
	if !slices.Equal(findings, h.Truth.Findings) {
		wrong("findings %q, want %q", findings, h.Truth.Findings)
	}
	if len(v.Findings) > 0 {
		if remedy := told(&v.Findings[0].Remedy); remedy != h.Truth.Remedy {
			wrong("remedy %q, want %q", remedy, h.Truth.Remedy)
		}
	}
	return problems
}

func told(r *models.Remedy) string {
	if r.Count == nil {
		return string(r.Kind)
	}
	return fmt.Sprintf("%s %d", r.Kind, *r.Count)
}
