package layout

import (
	"cmp"
	"time"

	"github.com/a-h/templ"
)

// Viewing is how a page looks to who opened it. The zero value is a page in UTC and in
// the colours of the system.
type Viewing struct {
	// Zone is the time zone of the page; UTC when nil.
	Zone *time.Location
	// ZoneCookie is where the script keeps the browser's time zone; empty when
	// another one was chosen.
	ZoneCookie string
	// AskZone is set for a signed-in person whose zone nobody knows yet.
	AskZone bool
	// Theme is one of [models.Themes]; empty when none was chosen.
	Theme string
	// Self is the address of the page, to come back to.
	Self string
}

// in is a time in the zone of the page.
func (v Viewing) in(t time.Time) time.Time { return t.In(cmp.Or(v.Zone, time.UTC)) }

// root are the attributes by which scripts and colours know all that. A redeem link
// has its secret in the fragment, so that page is not loaded again.
func (p Page) root() templ.Attributes {
	attrs := templ.Attributes{"data-zone": cmp.Or(p.Zone, time.UTC).String()}
	if p.ZoneCookie != "" {
		attrs["data-zone-cookie"] = p.ZoneCookie
	}
	if p.AskZone && p.Current != NavRedeem {
		attrs["data-zone-reload"] = true
	}
	if p.Actor != nil {
		attrs["data-theme-action"] = "/my/settings/theme"
	}
	switch p.Theme {
	case "light", "dark":
		attrs["data-theme"] = p.Theme
	}
	if p.Theme != "" {
		attrs["data-theme-saved"] = p.Theme
	}
	return attrs
}
