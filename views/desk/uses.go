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

// fate says what became of the auth tokens: "3 live, 1 deleted, 1 count given back".
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
	if g.Reclaimed > 0 {
		parts = append(parts, ui.Plural(g.Reclaimed, "count", "counts")+" given back")
	}
	return strings.Join(parts, ", ")
}

// useMarks says what is out of the ordinary with a use.
func useMarks(u *seen.TokenUse) string {
	switch {
	case u.Unexpected && u.Reclaimed:
		return "not expected, given back"
	case u.Unexpected:
		return "not expected"
	case u.Reclaimed:
		return "given back"
	default:
		return ""
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
