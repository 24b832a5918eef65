package layout

import "muster/views/paths"

// The passages of the guides that are about the pages, by the guide's name.
var (
	administratorHelp = map[NavItem]string{
		NavOverview:           "administrator#watch-it",
		NavRegistrationTokens: "administrator#make-a-registration-token",
		NavAuthTokens:         "administrator#cut-somebody-off",
		NavRequests:           "administrator#what-the-helpdesk-asks-for",
		NavAudit:              "administrator#who-did-what",
		NavAPIKeys:            "administrator#let-scripts-in",
		NavInvestigate:        "helpdesk#it-says-the-count-is-used-up",
	}
	helpdeskHelp = map[NavItem]string{
		NavOverview:           "helpdesk",
		NavRegistrationTokens: "helpdesk#it-says-the-count-is-used-up",
		NavAuthTokens:         "helpdesk#who-has-dead-seats",
		NavRequests:           "helpdesk#what-you-asked-for",
		NavAudit:              "helpdesk#what-was-changed-and-by-whom",
		NavInvestigate:        "helpdesk#it-says-the-count-is-used-up",
	}
)

// helpURL is the passage of the guide that is about the page.
func (p Page) helpURL() string {
	passage := ""
	switch {
	case p.Actor != nil && p.Actor.CanCreateRegistrationTokens:
		passage = administratorHelp[p.Current]
	case p.Actor != nil && p.Actor.CanSeeRegistrationTokens:
		passage = helpdeskHelp[p.Current]
	}
	if passage == "" && (p.Current == NavRedeem || p.Current == NavMy) {
		passage = "end-user"
	}
	if passage == "" {
		return paths.Guide
	}
	return paths.GuideTo(passage)
}
