package ui

import "github.com/a-h/templ"

// BackgroundHeaders mark a reload that the page does by itself: it must not
// count as activity of the person.
const BackgroundHeaders = `{"Muster-Background":"1"}`

// LiveRegion makes the element with that id load itself anew from url when the
// live stream reports a change of subject ("registration-token:<id>", "activity").
func LiveRegion(id, subject, url string) templ.Attributes {
	return templ.Attributes{
		"id": id, "data-live": subject, "hx-get": url, "hx-trigger": "live-refresh", "hx-target": "this",
		"hx-swap": "outerHTML", "hx-select": "#" + id, "hx-headers": BackgroundHeaders,
	}
}
