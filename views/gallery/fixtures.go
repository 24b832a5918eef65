// Package gallery shows every component and every page in every state: to
// people at /dev/gallery of a development server, and to the tests of the
// pages.
package gallery

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"muster/models"
	"muster/seen"
	"muster/views"
	"muster/views/layout"
	"muster/views/ui"
)

// Page is one page in one state.
type Page struct {
	// Name is unique.
	Name      string
	Component templ.Component
}

const (
	// TokenID is that of the registration token the fixtures tell of.
	TokenID = "01jxn3v8q2k4m6p8r0t2w4y6z8"
	authID  = "01jxn4c7d9f1g3h5j7k9m1n3p5"
	hint    = "mrt_01jxn3v8q2k4m6p8r0t2w4y6z8"
	// Secret is that registration token, whole.
	Secret   = "mrt_01jxn3v8q2k4m6p8r0t2w4y6z8q5b7d9f1h3k5n7r9t1w3y5z7a2c4e6gk8m0p2"
	rtlName  = "محمد عبد الرحمن الشريف"
	rtlLabel = "נסיון הרצה תל אביב"
)

// now is when every fixture is looked at, viewer who looks: somebody who sees
// all of it.
var (
	now    = time.Date(2026, time.November, 23, 23, 22, 0, 0, time.UTC)
	viewer = seen.By(models.Actor{Permissions: []models.Permission{models.PermissionPersonalDataRead}}, "")
)

var longName = strings.Repeat("bartholomäus-maximilian.", 13) + "freiherr"

func moment(machine, exact, relative string) ui.Moment {
	return ui.Moment{Machine: machine, Exact: exact, Relative: relative}
}

var (
	inThreeDays = moment("2026-11-26T23:59:59Z", "26 Nov 2026, 23:59:59 UTC", "in 3 days")
	inMonth     = moment("2026-12-23T23:59:59Z", "23 Dec 2026, 23:59:59 UTC", "in 30 days")
	lastWeek    = moment("2026-11-16T12:00:00Z", "16 Nov 2026, 12:00:00 UTC", "7 days ago")
	minutesAgo  = moment("2026-11-23T23:20:00Z", "23 Nov 2026, 23:20:00 UTC", "2 minutes ago")
)

// AdminPage is the frame that an administrator sees.
func AdminPage(title string, current layout.NavItem) layout.Page {
	return layout.Page{
		Title: title, Current: current, DevMode: true, Static: true,
		Actor: &layout.Actor{Name: "Ada Admin", RoleName: "Administrator", CanSeeRegistrationTokens: true, CanSeeAuthTokens: true, CanSeeAudit: true, CanManageAPIKeys: true},
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
	person        ui.Person
	host, mac, ip string
}{
	{ui.Person{Name: `CONTOSO\jane.miller`}, "lt-0417.berlin.contoso.example", "3c:22:fb:9a:10:c4", "203.0.113.24"},
	{ui.Person{Name: "j.doe@contoso.example", Verified: true, Reported: "jdoe"}, "build-07.contoso.example", "", "198.51.100.7"},
	{ui.Person{Name: rtlName}, "مكتب-١٢", "3c:22:fb:9a:10:c5", "2001:db8:4:17::a2"},
	{ui.Person{Name: longName}, longName + ".example", "3c:22:fb:9a:10:c6", "2001:0db8:85a3:0000:0000:8a2e:0370:7334"},
	{ui.Person{}, "kiosk-3.contoso.example", "", "203.0.113.25"},
}

var authStates = []models.AuthTokenState{
	models.AuthTokenLive, models.AuthTokenLive, models.AuthTokenIdleExpired, models.AuthTokenEnded, models.AuthTokenDeleted,
}

func tokenRow(n int, label string, used, count int, status models.Status, expiry ui.Moment) views.RegistrationTokenRow {
	id := TokenID[:24] + strconv.Itoa(10+n)
	return views.RegistrationTokenRow{
		ID: id, URL: "/admin/registration-tokens/" + id, Identifier: label, Hint: "mrt_" + id,
		Usage:  ui.Usage{RegistrationTokenID: id, Used: used, Count: count, Status: status},
		Status: status, Expiry: expiry, LastRedeemed: minutesAgo, CreatedBy: "Ada Admin",
	}
}

func tokenTabs(counts ...int) []ui.Tab {
	var tabs []ui.Tab
	for i, label := range []string{"All", "Active", "Exhausted", "Expired", "Disabled", "Deleted"} {
		tabs = append(tabs, ui.Tab{Label: label, Count: counts[i], URL: "/admin/registration-tokens?status=" + strings.ToLower(label), Current: i == 0})
	}
	return tabs
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
	return slices.Concat(tokenFixtures(), registrationTokenFixtures(), verdictFixtures(), investigateFixtures(), authTokenFixtures(), authTokenPageFixtures(), questionFixtures(), overviewFixtures(), recipientFixtures(), publicFixtures(), auditFixtures(), visitorFixtures(), trailFixtures(), myFixtures())
}

func tokenFixtures() []Page {
	list := views.RegistrationTokenListPage{Page: AdminPage("Registration tokens", layout.NavRegistrationTokens), Tabs: tokenTabs(0, 0, 0, 0, 0, 0), NewURL: "/admin/registration-tokens/new", ClearURL: "/admin/registration-tokens", ColumnsAction: "/admin/registration-tokens/columns", Columns: views.UsualColumns(), SelectionURL: "/admin/registration-tokens/selection", ExportAction: "/admin/registration-tokens/export"}
	none := list
	none.Filtered, none.Query, none.Tabs = true, `"><script>alert(1)</script>`, tokenTabs(12, 4, 3, 3, 1, 1)
	many := list
	many.Tabs = tokenTabs(12, 4, 3, 3, 1, 1)
	many.Paging = ui.Paging{NextURL: "/admin/registration-tokens?pageToken=abc", Summary: "8 on this page"}
	many.Notices = []layout.Notice{{Tone: layout.NoticeSuccess, Text: "Rollout Berlin is disabled."}}
	many.Rows = []views.RegistrationTokenRow{
		tokenRow(1, "Rollout Berlin", 37, 100, models.StatusActive, inMonth),
		tokenRow(2, "Training room", 9, 10, models.StatusActive, inThreeDays),
		tokenRow(3, "Contoso rollout Q4", 200, 200, models.StatusExhausted, inMonth),
		tokenRow(4, "Pilot group", 13, 20, models.StatusExpired, lastWeek),
		tokenRow(5, rtlLabel, 4, 1_000_000, models.StatusDisabled, inMonth),
		tokenRow(6, longName, 1, 3, models.StatusDeleted, inMonth),
		tokenRow(7, "Kiosks Hamburg", 0, 25, models.StatusActive, inMonth),
		tokenRow(8, "Field laptops", 812, 1500, models.StatusActive, inMonth),
	}
	many.Rows[6].LastRedeemed = ui.Moment{}
	one := list
	one.Tabs, one.Rows, one.NewURL = tokenTabs(1, 1, 0, 0, 0, 0), many.Rows[:1], ""

	form := views.RegistrationTokenFormPage{Page: detailPage("New registration token", layout.NavRegistrationTokens, "Registration tokens"), Form: views.RegistrationTokenForm{Count: "25", ExpiryPreset: "30d", Nonce: "n1"}, Action: "/admin/registration-tokens", CancelURL: "/admin/registration-tokens", MinCount: 1}
	invalid := form
	invalid.Form = views.RegistrationTokenForm{Count: "many", ExpiryPreset: views.ExpiryCustom, ExpirationDate: "2020-01-01T00:00", Identifier: rtlLabel, Note: "n", Nonce: "n2"}
	invalid.Errors = ui.FieldErrors{"count": "The count must be a whole number from 1 to 1,000,000.", "expirationDate": "The expiry must lie at least 1 minute ahead.", "customer": "There is no such customer."}
	edit := form
	edit.Editing, edit.Used, edit.MinCount = true, 37, 37
	edit.Form = views.RegistrationTokenForm{Count: "100", ExpiryPreset: views.ExpiryCustom, ExpirationDate: "2026-12-23T23:59", Identifier: "Rollout Berlin", Note: "For the move to the new office."}

	created := views.RegistrationTokenCreatedPage{
		Page: detailPage("Registration token created", layout.NavRegistrationTokens, "Registration tokens"), Identifier: "Rollout Berlin", Secret: Secret,
		RedeemURL: "http://127.0.0.1:8080/redeem#" + Secret,
		Curl:      "curl -X POST http://127.0.0.1:8080/token/api/v5/authTokens -H 'Authorization: Bearer " + Secret + `' -H 'Content-Type: application/json' -d '{"authToken":{"systemUserName":"jane","fqdn":"laptop-17.example.com"}}'`,
		Count:     25, Expiry: inMonth, DetailURL: "/admin/registration-tokens/" + TokenID, NewURL: "/admin/registration-tokens/new",
	}
	again := created
	again.AlreadyShown, again.Secret, again.RedeemURL, again.Curl = true, "", "", ""

	usage := ui.Usage{RegistrationTokenID: TokenID, Used: 13, Count: 20, Status: models.StatusExpired}
	return []Page{
		{"tokens-empty", views.RegistrationTokenList(list)},
		{"tokens-none-match", views.RegistrationTokenList(none)},
		{"tokens-one-helpdesk", views.RegistrationTokenList(one)},
		{"tokens-many", views.RegistrationTokenList(many)},
		{"token-admission", views.Admission(admissionFixture())},
		{"token-new", views.RegistrationTokenFormView(form)},
		{"token-invalid", views.RegistrationTokenFormView(invalid)},
		{"token-edit", views.RegistrationTokenFormView(edit)},
		{"token-created", views.RegistrationTokenCreated(created)},
		{"token-created-again", views.RegistrationTokenCreated(again)},
		{"token-replace", views.RegistrationTokenReplace(views.RegistrationTokenReplacePage{Page: detailPage("Replace", layout.NavRegistrationTokens, "Registration tokens"), Identifier: "Pilot group", Usage: usage, Status: models.StatusExpired, Expiry: lastWeek, Form: views.RegistrationTokenReplaceForm{Count: "7", ExpiryPreset: "30d", Nonce: "n3"}, Action: "/r", CancelURL: "/c"})},
		{"token-delete", views.RegistrationTokenDelete(views.RegistrationTokenDeletePage{Page: detailPage("Delete", layout.NavRegistrationTokens, "Registration tokens"), Identifier: "Pilot group", Usage: usage, LiveAuthTokens: 12, Choice: "keep", Action: "/d", CancelURL: "/c"})},
		{"token-delete-unused", views.RegistrationTokenDelete(views.RegistrationTokenDeletePage{Page: detailPage("Delete", layout.NavRegistrationTokens, "Registration tokens"), Identifier: longName, Usage: usage, Action: "/d", CancelURL: "/c"})},
	}
}

// authRows are the people with an auth token each.
func authRows() []views.AuthTokenRow {
	var rows []views.AuthTokenRow
	for i, p := range people {
		rows = append(rows, views.AuthTokenRow{ID: authID[:25] + strconv.Itoa(i), URL: "/admin/auth-tokens/" + authID, Person: p.person, Host: p.host, MAC: p.mac, IP: p.ip, RegistrationToken: layout.Link{Label: "Rollout Berlin", URL: "/admin/registration-tokens/" + TokenID}, Created: lastWeek, LastSeen: minutesAgo, State: authStates[i]})
	}
	return rows
}

func authTokenFixtures() []Page {
	list := views.AuthTokenListPage{Page: AdminPage("Auth tokens", layout.NavAuthTokens), Tabs: authTabs(), ClearURL: "/admin/auth-tokens"}
	many := list
	many.Rows, many.DeleteAction, many.Filtered = authRows(), "/admin/auth-tokens/delete", true
	many.RegistrationToken, many.RegistrationTokenID = &layout.Link{Label: "Rollout Berlin", URL: "/t"}, TokenID
	none := list
	none.Filtered, none.Query = true, "nobody"

	bulk := views.AuthTokenDeletePage{Page: detailPage("Delete", layout.NavAuthTokens, "Auth tokens"), Form: views.AuthTokenDeleteForm{IDs: []string{authID, authID + "2"}}, LastAccess: minutesAgo, Number: 12, People: 9, Devices: 11, AlreadyDeleted: 1, More: 7, Action: "/d", CancelURL: "/c"}
	for _, p := range people {
		bulk.Names = append(bulk.Names, views.AuthTokenName{Person: p.person, Host: p.host})
	}
	single := bulk
	single.Number, single.People, single.Devices, single.AlreadyDeleted, single.More, single.Names = 1, 1, 1, 0, 0, bulk.Names[:1]
	single.Errors = ui.FieldErrors{"reason": "The reason has 501 characters; at most 500 are allowed."}
	tooMany := bulk
	tooMany.TooMany, tooMany.Number = true, 48_112
	surplus := bulk
	surplus.OneStays, surplus.Form = true, views.AuthTokenDeleteForm{Match: "state=surplus", ReturnCount: "true"}
	nothing := views.AuthTokenDeletePage{Page: bulk.Page, Action: "/d", CancelURL: "/c"}

	return []Page{
		{"auth-tokens-empty", views.AuthTokenList(list)},
		{"auth-tokens-none-match", views.AuthTokenList(none)},
		{"auth-tokens-many", views.AuthTokenList(many)},
		{"auth-token-delete-many", views.AuthTokenDelete(bulk)},
		{"auth-token-delete-surplus", views.AuthTokenDelete(surplus)},
		{"auth-token-delete-too-many", views.AuthTokenDelete(tooMany)},
		{"auth-token-delete-one", views.AuthTokenDelete(single)},
		{"auth-token-delete-nothing", views.AuthTokenDelete(nothing)},
	}
}

func publicFixtures() []Page {
	signedIn := publicPage("No access")
	signedIn.Current = layout.NavNone
	signedIn.Actor = &layout.Actor{Name: "Uma User"}
	home := layout.Page{DevMode: true}
	return []Page{
		{"error", views.Error(views.ErrorPage{Page: home, Status: 404, Heading: "There is no such page", Message: "The address may be mistyped, or the page has moved.", NextStep: "Go back to the start and try from there.", RequestID: "01jxn5", Code: "not_found", Actions: []layout.Link{{Label: "Go to the start", URL: "/"}}})},
		{"no-access", views.NoAccess(views.NoAccessPage{Page: signedIn})},
		{"dev-login", views.DevLogin(views.DevLoginPage{Page: home, Action: "/login", Hidden: []views.HiddenField{{Name: "state", Value: "s"}}, Error: "User name or password is wrong.", Accounts: []views.DevAccount{{Username: "admin", Password: "admin", RoleName: "Administrator"}, {Username: "helpdesk", Password: "helpdesk", RoleName: "Helpdesk"}, {Username: "user", Password: "user", RoleName: "End user"}}})},
	}
}
