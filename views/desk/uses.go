package desk

import (
	"slices"
	"strings"

	"muster/models"
	"muster/seen"
	"muster/views/ui"
)

// Uses is the tab "Who used it"; also a fragment of its own.
type Uses struct {
	Section
	// GroupBy are the ways to group them. Chips are the filters, Narrowed tells
	// whether there are any, ClearURL removes them.
	GroupBy  []ui.Tab
	Chips    []ui.Chip
	Narrowed bool
	ClearURL string
	// SelectURL is the list where their auth tokens can be deleted; may be
	// empty.
	SelectURL string
	// By is what the uses of a group share; empty when Rows are shown instead.
	By     models.Facet
	Groups []UseGroup
	Rows   []seen.TokenUse
	// Building means that what it takes to choose or group them is still being put
	// together.
	Building bool
}

// hasSurplus tells whether a group shows a surplus, which is explained then.
func (s *Uses) hasSurplus() bool {
	return slices.ContainsFunc(s.Groups, func(g UseGroup) bool { return g.Surplus > 0 })
}

// UseGroup is a group of uses that share a value.
type UseGroup struct {
	seen.UseGroup
	// Value is what they share.
	Value string
	// URL lists them; SurplusURL is where the surplus can be deleted, may be
	// empty.
	URL, SurplusURL string
}

// fate says what became of the auth tokens: "3 live, 1 deleted".
func (g *UseGroup) fate() string {
	var parts []string
	for _, part := range []struct {
		n    int
		word string
	}{{g.Live, "live"}, {g.Ended, "ended"}, {g.Deleted, "deleted"}} {
		if part.n > 0 {
			parts = append(parts, ui.Number(part.n)+" "+part.word)
		}
	}
	return strings.Join(parts, ", ")
}

// groupHeadings head the groups: those of one person say how many devices, those
// of one device how many people.
func groupHeadings(by models.Facet) []string {
	headings := []string{facetTitle(by), "Uses", "People", "Devices", "Auth tokens", "First", "Last"}
	switch by {
	case models.FacetPerson:
		return slices.Delete(headings, 2, 3)
	case models.FacetDevice:
		return slices.Delete(headings, 3, 4)
	default:
		return headings
	}
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
