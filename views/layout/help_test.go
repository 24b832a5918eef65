package layout

import (
	"strings"
	"testing"

	"muster/docs"
	"muster/views/paths"
)

func TestHelp_EveryPageLeadsToAPassageThatExists(t *testing.T) {
	t.Parallel()
	there := map[string]bool{paths.Guide: true}
	for _, d := range docs.All() {
		if strings.Contains(d.HTML, "style=") || strings.Contains(d.HTML, "<script") || strings.Contains(d.HTML, "raw HTML") {
			t.Errorf("%s has what the pages do not allow", d.Name)
		}
		there[paths.GuideTo(d.Name)] = true
		for _, p := range d.Passages {
			there[paths.GuideTo(d.Name)+"#"+p.ID] = true
		}
	}
	admin := &Actor{CanSeeRegistrationTokens: true, CanCreateRegistrationTokens: true}
	helpdesk := &Actor{CanSeeRegistrationTokens: true}
	items := []NavItem{
		NavNone, NavOverview, NavRegistrationTokens, NavAuthTokens, NavRequests, NavAudit, NavAPIKeys, NavInvestigate, NavRedeem, NavMy,
	}
	for _, item := range items {
		for _, actor := range []*Actor{nil, {}, helpdesk, admin} {
			if url := (Page{Actor: actor, Current: item}).helpURL(); !there[url] {
				t.Errorf("the ? of %q leads to %s, which is nowhere in the guides", item, url)
			}
		}
	}
}
