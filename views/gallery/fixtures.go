// Package gallery shows every component and every page in every state: to
// people at /dev/gallery of a development server, and to the tests of the
// pages.
package gallery

import (
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"muster/models"
	"muster/seen"
	"muster/views"
	"muster/views/layout"
	"muster/views/paths"
	"muster/views/telling"
	"muster/views/ui"
)

// Page is one page in one state.
type Page struct {
	// Name is unique.
	Name      string
	Component templ.Component
}

const (
	// TokenID is the id of the registration token in the fixtures.
	TokenID = "01jxn3v8q2k4m6p8r0t2w4y6z8"
	authID  = "01jxn4c7d9f1g3h5j7k9m1n3p5"
	hint    = "mrt_01jxn3v8q2k4m6p8r0t2w4y6z8"
	// Secret is the secret of that registration token.
	Secret   = "mrt_01jxn3v8q2k4m6p8r0t2w4y6z8q5b7d9f1h3k5n7r9t1w3y5z7a2c4e6gk8m0p2"
	rtlName  = "محمد عبد الرحمن الشريف"
	rtlLabel = "נסיון הרצה תל אביב"
)

// now is the time of every fixture, viewer somebody who sees everything.
var (
	now    = time.Date(2026, time.November, 23, 23, 22, 0, 0, time.UTC)
	viewer = seen.NewViewer(models.Actor{Permissions: []models.Permission{models.PermissionPersonalDataRead}}, "")
)

var longName = strings.Repeat("bartholomäus-maximilian.", 13) + "freiherr"

// Moments before the fixtures are looked at.
var (
	twoMinutesAgo = now.Add(-2 * time.Minute)
	aWeekAgo      = now.AddDate(0, 0, -7)
)

// AdminPage is the frame that an administrator sees.
func AdminPage(title string, current layout.NavItem) layout.Page {
	return layout.Page{
		Title: title, Current: current, DevMode: true, Static: true,
		Actor:        &layout.Actor{Name: "Ada Admin", RoleName: "Administrator", CanSeeRegistrationTokens: true, CanSeeAuthTokens: true, CanSeeAudit: true, CanManageAPIKeys: true, CanSeeRequests: true, DecidesRequests: true},
		OpenRequests: 5,
	}
}

func detailPage(title string, current layout.NavItem, list string) layout.Page {
	p := AdminPage(title, current)
	p.Breadcrumbs = []layout.Link{{Label: list, URL: "/admin/" + string(current)}, {Label: title}}
	return p
}

func publicPage(title string) layout.Page {
	return layout.Page{Title: title, Current: layout.NavRedeem, DevMode: true, VendorName: "Muster"}
}

var people = []struct {
	person        seen.Person
	host, mac, ip string
}{
	{seen.Person{Name: `CONTOSO\jane.miller`}, "lt-0417.berlin.contoso.example", "3c:22:fb:9a:10:c4", "203.0.113.24"},
	{seen.Person{Name: "j.doe@contoso.example", Verified: true, Reported: "jdoe"}, "build-07.contoso.example", "", "198.51.100.7"},
	{seen.Person{Name: rtlName}, "مكتب-١٢", "3c:22:fb:9a:10:c5", "2001:db8:4:17::a2"},
	{seen.Person{Name: longName}, longName + ".example", "3c:22:fb:9a:10:c6", "2001:0db8:85a3:0000:0000:8a2e:0370:7334"},
	{seen.Person{}, "kiosk-3.contoso.example", "", "203.0.113.25"},
}

var authStates = []models.AuthTokenState{
	models.AuthTokenLive, models.AuthTokenLive, models.AuthTokenIdleExpired, models.AuthTokenEnded, models.AuthTokenDeleted,
}

func authTabs() []ui.Tab {
	return []ui.Tab{
		{Label: "All", Count: 1204, URL: "/admin/auth-tokens", Current: true},
		{Label: "Live", Count: 1102, URL: "/admin/auth-tokens?state=live"},
		{Label: "Idle expired", Count: 80, URL: "/admin/auth-tokens?state=idle_expired"},
		{Label: "Ended", Count: 2, URL: "/admin/auth-tokens?state=ended"},
		{Label: "Deleted", Count: 20, URL: "/admin/auth-tokens?state=deleted"},
	}
}

// Pages are all pages in all states, as the tests check them.
func Pages() []Page {
	return slices.Concat(tokenFixtures(), registrationTokenFixtures(), verdictFixtures(), investigateFixtures(), authTokenListFixtures(), authTokenFixtures(), authTokenDeleteFixtures(), questionFixtures(), overviewFixtures(), requestFixtures(), recipientFixtures(), publicFixtures(), apiKeyFixtures(), visitorFixtures(), trailFixtures(), myFixtures())
}

func publicFixtures() []Page {
	signedIn := publicPage("No access")
	signedIn.Current = layout.NavNone
	signedIn.Actor = &layout.Actor{Name: "Uma User"}
	home := layout.Page{DevMode: true}
	noAccess := views.NoAccessPage{Page: signedIn}
	noAccess.Found, noAccess.Change = telling.MissingRole(models.RoleClaimAbsent, "groups", false)
	return []Page{
		{"error", views.Error(views.ErrorPage{Page: home, Status: 404, Heading: "There is no such page", Message: "The address may be mistyped, or the page has moved.", NextStep: "Go back to the start and try from there.", RequestID: "01jxn5", Code: "not_found"})},
		{"no-access", views.NoAccess(noAccess)},
		{"unsent", views.Unsent(views.UnsentPage{Page: home, Action: paths.RegistrationTokens, Fields: []views.UnsentField{
			{Name: "count", Value: "25"}, {Name: "note", Value: "One line of a note.\nAnother, and many more."},
		}})},
		{"dev-login", views.DevLogin(views.DevLoginPage{Page: home, Action: "/login", Hidden: []views.HiddenField{{Name: "state", Value: "s"}}, Error: "User name or password is wrong.", Accounts: []views.DevAccount{{Username: "admin", Password: "admin", RoleName: "Administrator"}, {Username: "helpdesk", Password: "helpdesk", RoleName: "Helpdesk"}, {Username: "user", Password: "user", RoleName: "End user"}}})},
	}
}
