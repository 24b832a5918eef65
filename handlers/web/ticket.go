package web

import (
	"net/url"
	"strings"

	"muster/views/layout"
)

// TicketLinks makes links of the references of tickets: the address of a ticket,
// with {ticket} in the place of its reference. The zero value makes none.
type TicketLinks string

// Link leads to the ticket with a reference. The reference is escaped for where it
// stands, so that it stays one part of a path, or one value of a query. A masked
// reference leads nowhere.
func (t TicketLinks) Link(reference string, masked bool) layout.Link {
	const place = "{ticket}"
	link := layout.Link{Label: reference}
	if t == "" || masked || strings.Trim(reference, ".") == "" { // "..", however it is escaped, is a step up
		return link
	}
	path, query, asks := strings.Cut(string(t), "?")
	link.URL = strings.ReplaceAll(path, place, url.PathEscape(reference))
	if asks {
		link.URL += "?" + strings.ReplaceAll(query, place, url.QueryEscape(reference))
	}
	return link
}
