package admin

import (
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/layout"
	"muster/views/ui"
)

// AuthTokenListPage shows auth tokens across all registration tokens.
type AuthTokenListPage struct {
	layout.Page
	// URL is the address of the list; live updates reload from it.
	URL   string
	Query string // parameter q
	Tabs  []ui.Tab
	// RegistrationToken narrows the list to one; nil when it does not.
	RegistrationToken *seen.RegistrationToken
	Chips             []ui.Chip
	// Filters are the parameters of the address, by name (Label) and value, for
	// forms to keep. The days of a lens are not among them.
	Filters []ui.Option
	// From and To bound the time of redemption, as values of date and time
	// inputs in UTC; empty for no bound.
	From, To string
	// Days is how far back the lens looks (parameter days), DaysLabel the words
	// before it; 0 for a lens without it.
	Days      int
	DaysLabel string
	Rows      []seen.AuthToken
	// Labels are the labels of their registration tokens, by id.
	Labels   map[string]string
	Now      time.Time
	Filtered bool
	// ExportAction is where a POST exports the whole filtered list as CSV.
	ExportAction string
	// MayDelete is set when rows can be selected and deleted.
	MayDelete bool
	// Match selects the whole list for deletion (field match); empty when it
	// cannot be deleted at once.
	Match  string
	Paging ui.Paging
}

// AuthTokenDeletePage asks before auth tokens are deleted.
type AuthTokenDeletePage struct {
	// Counted is what a deletion would do now.
	Counted models.AuthTokenDeletionResult
	// LastAccess is when the last of their access tokens expires at the latest;
	// zero when all have expired.
	LastAccess time.Time
	// Preview holds the first of those that would be deleted.
	Preview []seen.AuthToken
	Now     time.Time
	// TooMany is set when there are more than can be deleted at once.
	TooMany bool
	// OneStays is set when each device keeps the auth token it used last.
	OneStays  bool
	Form      AuthTokenDeleteForm
	Errors    ui.FieldErrors
	CancelURL string
}

// more is how many the preview leaves out.
func (p AuthTokenDeletePage) more() int { return max(0, p.Counted.Deleted-len(p.Preview)) }

// AuthTokenDeleteForm is the form as it was sent.
type AuthTokenDeleteForm struct {
	// IDs are the selected ones; Match is the query of the list, when all that
	// it shows is to be deleted.
	IDs      []string `form:"id"`
	Match    string   `form:"match"`
	Expected string   `form:"expected"`
	Reason   string   `form:"reason"`
	// ReturnCount is "true" when the counts are given back.
	ReturnCount string `form:"returnCount"`
}
