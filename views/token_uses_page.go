package views

import (
	"strings"

	"muster/models"
	"muster/views/ui"
)

// fate says what became of the auth tokens: "3 live, 1 deleted".
func (r UseGroupRow) fate() string {
	var parts []string
	for _, part := range []struct {
		n    int
		word string
	}{{r.Live, "live"}, {r.Ended, "ended"}, {r.Deleted, "deleted"}} {
		if part.n > 0 {
			parts = append(parts, ui.Number(part.n)+" "+part.word)
		}
	}
	return strings.Join(parts, ", ")
}

func facetTitle(by models.Facet) string {
	return strings.ToUpper(string(by[:1])) + string(by[1:])
}

func facetUnknown(by models.Facet) string {
	switch by {
	case models.FacetDevice:
		return "no host or MAC given"
	case models.FacetDomain:
		return "host without a domain"
	default:
		return "unknown address"
	}
}
