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
	// URL is the address of the list; live updates ask it for what changed.
	URL string
	// New are rows that came since.
	New   ui.NewRows
	Query string // parameter q
	Tabs  []ui.Tab
	// RegistrationToken narrows the list to one; nil when it does not.
	RegistrationToken *seen.RegistrationToken
	Chips             []ui.Chip
	// Criterion adds one.
	Criterion ui.CriterionForm
	// Filters are the parameters of the address, by name (Label) and value, for
	// forms to keep. The days of a lens are not among them.
	Filters []ui.Option
	// From and To bound the time of redemption, as values of date and time
	// inputs in the zone of Now; empty for no bound.
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
	// MayAsk is set for who may select rows and ask for their deletion.
	MayAsk bool
	// Match selects the whole list for deletion (field match); empty when it
	// cannot be deleted at once.
	Match string
	// Columns are shown beside person, host and state; a POST to ColumnsAction changes
	// them.
	Columns       ui.Columns
	ColumnsAction string
	Sorting       ui.Sorting
	Paging        ui.Paging
	Selection     Selection
}

// selectable tells whether something can be done with selected rows.
func (p AuthTokenListPage) selectable() bool { return p.MayDelete || p.MayAsk }

// AuthTokenDeletePage asks before auth tokens are deleted.
type AuthTokenDeletePage struct {
	// Counted is what a deletion would do now, without giving counts back.
	Counted models.AuthTokenDeletionResult
	// Late is how many of those deleted before still hold their counts.
	Late int
	// LastAccess is when the last of their access tokens expires at the latest;
	// zero when all have expired.
	LastAccess time.Time
	// Preview holds the first of those that would be deleted, or given back.
	Preview []seen.AuthToken
	Now     time.Time
	// Kept holds the first of those that the devices of a finding still hold
	// afterwards, KeptNumber is how many there are.
	Kept       []seen.AuthToken
	KeptNumber int
	// TooMany is set when there are more than can be deleted at once.
	TooMany bool
	// OneStays is set when each of the devices keeps the auth token it used last.
	OneStays  bool
	Form      AuthTokenDeleteForm
	Errors    ui.FieldErrors
	CancelURL string
}

// OnlyGivesBack is true when all are deleted already, and some of their counts can
// be given back.
func (p AuthTokenDeletePage) OnlyGivesBack() bool { return p.Counted.Deleted == 0 && p.Late > 0 }

// holders says whose they are; a service account is nobody, so its devices stand
// for it.
func (p AuthTokenDeletePage) holders() string {
	if p.Counted.People == 0 {
		return ui.Plural(p.Counted.Devices, "device", "devices")
	}
	return ui.Plural(p.Counted.People, "person", "people")
}

// more is how many the preview leaves out.
func (p AuthTokenDeletePage) more() int {
	all := p.Counted.Deleted
	if p.OnlyGivesBack() {
		all = p.Late
	}
	return max(0, all-len(p.Preview))
}

// AuthTokenDeleteForm is the form as it was sent.
type AuthTokenDeleteForm struct {
	// IDs are the selected ones; Match is the query of the list, when all that
	// it shows is to be deleted.
	IDs   []string `form:"id"`
	Match string   `form:"match"`
	// Expected is how many would be deleted; with ReturnCount, those whose counts
	// are given back late (Late) are expected too.
	Expected string `form:"expected"`
	Late     string `form:"late"`
	Reason   string `form:"reason"`
	// ReturnCount is "true" when the counts are given back.
	ReturnCount string `form:"returnCount"`
}
