// Package layout holds what every page shares: the document shell, the
// navigation and the notices region.
package layout

import (
	"cmp"
	"slices"
	"time"

	"muster/views/words"
)

// Page is what every view model embeds. The zero value is a public page with
// nobody signed in.
type Page struct {
	// Title names the page in the browser's tab, without the product name.
	Title string
	// Actor is the signed-in person; nil when nobody is.
	Actor *Actor
	// Current is the highlighted entry of the navigation.
	Current NavItem
	// Breadcrumbs lead from the list to the page; the last one is the page
	// itself and has no URL. Empty on list pages.
	Breadcrumbs []Link
	// Notices are said once, at the top.
	Notices []Notice
	// Restores tells that what is typed into the form on the page is kept when the page
	// is left, Restored that the form holds what was typed into it before.
	Restores, Restored bool
	// MaskBar offers to show what is masked; nil where nothing is.
	MaskBar *MaskBar
	// OpenRequests is how many requests wait for a decision, for those who decide.
	OpenRequests int
	// Version is what the binary was built from; shown to those who work here.
	Version string
	// DevMode shows the development banner.
	DevMode bool
	// Static turns live updates off: the gallery's pages are made up, so
	// nothing there can change.
	Static bool
	// MovesOn is where the browser goes by itself as soon as it has the page; empty where
	// it stays.
	MovesOn string
	// VendorName is shown on public pages; "Muster" when empty.
	VendorName string
	// VendorLogoURL is shown beside it; ours when empty.
	VendorLogoURL string
	Viewing
}

// Actor is the signed-in person as the frame shows them.
type Actor struct {
	Name string
	// RoleName is the role in words: "Administrator", "Helpdesk", or empty.
	RoleName string
	// The navigation shows what the permissions allow.
	CanSeeRegistrationTokens bool
	CanSeeAuthTokens         bool
	// CanCreateRegistrationTokens offers the shortcut for a new one.
	CanCreateRegistrationTokens bool
	CanSeeRequests              bool
	// DecidesRequests shows how many are open.
	DecidesRequests  bool
	CanSeeAudit      bool
	CanManageAPIKeys bool
}

// NavItem is an entry of the navigation.
type NavItem string

// The entries.
const (
	NavNone               NavItem = ""
	NavOverview           NavItem = "overview"
	NavRegistrationTokens NavItem = "registration-tokens"
	NavAuthTokens         NavItem = "auth-tokens"
	NavRequests           NavItem = "requests"
	NavAudit              NavItem = "audit"
	NavAPIKeys            NavItem = "api-keys"
	NavInvestigate        NavItem = "investigate"
	NavRedeem             NavItem = "redeem"
	NavMy                 NavItem = "my"
)

// Link is a text that leads somewhere; without a URL it is only a text.
type Link struct {
	Label string
	URL   string
}

// NoticeTone says what sort of notice it is.
type NoticeTone string

// The tones.
const (
	NoticeInfo    NoticeTone = "info"
	NoticeSuccess NoticeTone = "success"
	NoticeWarning NoticeTone = "warning"
	NoticeDanger  NoticeTone = "danger"
)

// Notice tells the person something about what they just did.
type Notice struct {
	Tone NoticeTone
	// Text is one or two full sentences.
	Text string
	// Next is what to do now; may be empty.
	Next string
	// Code is an id to quote to support (request id, support code); may be
	// empty.
	Code string
	// Undo is the request id of the call whose changes the notice offers to take
	// back; empty for none.
	Undo string
}

// asOfText says as of when a page is, zero for a time that is not known. It has the
// date, since a backlog can be older than the day, in the zone of now.
func asOfText(at, now time.Time) string {
	if at.IsZero() {
		return "This page may be some time behind."
	}
	return "This page is as of " + words.Format(at, now, "2 Jan 2006, 15:04:05 MST") + "."
}

// hasSearchBox tells whether the top bar offers the search box of Investigate.
func (p Page) hasSearchBox() bool {
	return p.Actor != nil && p.Actor.CanSeeRegistrationTokens && p.Current != NavRedeem && p.Current != NavMy && p.Current != NavInvestigate
}

// crowded tells whether the top bar holds both where one is and the search box.
func (p Page) crowded() bool { return p.hasSearchBox() && len(p.Breadcrumbs) > 0 }

// searches tells whether the page has a search box of its own: it is a list.
func (p Page) searches() bool {
	return len(p.Breadcrumbs) == 0 && slices.Contains([]NavItem{NavRegistrationTokens, NavAuthTokens, NavAudit}, p.Current)
}

// live tells whether the page listens to live updates.
func (p Page) live() bool {
	quiet := []NavItem{NavNone, NavRedeem, NavMy, NavInvestigate, NavAudit, NavAPIKeys}
	return !p.Static && p.Actor != nil && p.Actor.CanSeeRegistrationTokens && !slices.Contains(quiet, p.Current)
}

// vendor is the name on public pages.
func (p Page) vendor() string { return cmp.Or(p.VendorName, "Muster") }

func (p Page) documentTitle() string {
	if p.Title == "" {
		return p.vendor()
	}
	return p.Title + " · " + p.vendor()
}
