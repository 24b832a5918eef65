package layout

import "muster/views/ui"

// entry is a line of the navigation.
type entry struct {
	item  NavItem
	url   string
	label string
	icon  ui.IconName
}

// nav is what the person may open. A phone has room for the bar; there the others
// are behind "More". Who only looks into things has the search of the desk in the
// bar, who makes registration tokens the list of auth tokens.
func (p Page) nav() (bar, more []entry) {
	if p.Actor == nil {
		return nil, nil
	}
	var (
		authTokens  = entry{NavAuthTokens, "/admin/auth-tokens", "Auth tokens", ui.IconShieldCheck}
		investigate = entry{NavInvestigate, "/admin/investigate", "Investigate", ui.IconSearch}
		looks       = p.Actor.CanSeeRegistrationTokens && !p.Actor.CanCreateRegistrationTokens
	)
	if p.Actor.CanSeeRegistrationTokens {
		bar = append(bar, entry{NavOverview, "/admin", "Overview", ui.IconGauge})
		if looks {
			bar = append(bar, investigate)
		} else {
			more = append(more, investigate)
		}
		bar = append(bar, entry{NavRegistrationTokens, "/admin/registration-tokens", "Registration tokens", ui.IconKeyRound})
	}
	if p.Actor.CanSeeAuthTokens {
		if looks {
			more = append(more, authTokens)
		} else {
			bar = append(bar, authTokens)
		}
	}
	if p.Actor.CanSeeRequests {
		bar = append(bar, entry{NavRequests, "/admin/requests", "Requests", ui.IconInbox})
	}
	if p.Actor.CanSeeAudit {
		more = append(more, entry{NavAudit, "/admin/audit", "Audit", ui.IconHistory})
	}
	more = append(more, entry{NavRedeem, "/redeem", "Redeem", ui.IconTicketCheck})
	if p.Actor.CanManageAPIKeys {
		more = append(more, entry{NavAPIKeys, "/admin/api-keys", "API keys", ui.IconTerminal})
	}
	return bar, more
}

// holds tells whether the page that is shown is one of the entries.
func (p Page) holds(entries []entry) bool {
	for _, e := range entries {
		if e.item == p.Current {
			return true
		}
	}
	return false
}
