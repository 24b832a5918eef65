package web

import "testing"

func TestTicketLinks_AReferenceStaysWhereItIsPut(t *testing.T) {
	t.Parallel()
	const path, query = "https://desk.example/browse/{ticket}", "https://desk.example/find?q={ticket}&open=1"
	for _, tt := range []struct {
		links          TicketLinks
		reference, url string
	}{
		{path, "HD-1234", "https://desk.example/browse/HD-1234"},
		{path, "HD/../1?x#y", "https://desk.example/browse/HD%2F..%2F1%3Fx%23y"},
		{path, "a b+c", "https://desk.example/browse/a%20b+c"},
		{path, "{ticket}", "https://desk.example/browse/%7Bticket%7D"},
		{path, "..", ""},
		{path, "", ""},
		{query, "a&open=0", "https://desk.example/find?q=a%26open%3D0&open=1"},
		{query, "a b+c?", "https://desk.example/find?q=a+b%2Bc%3F&open=1"},
		{"https://desk.example/{ticket}?from={ticket}", "a/b", "https://desk.example/a%2Fb?from=a%2Fb"},
		{"https://desk.example/#/t/{ticket}", "a/b", "https://desk.example/#/t/a%2Fb"},
		{"", "HD-1234", ""},
	} {
		if got := tt.links.Link(tt.reference, false); got.URL != tt.url || got.Label != tt.reference {
			t.Errorf("%q in %q is %+v, want %q", tt.reference, tt.links, got, tt.url)
		}
		if got := tt.links.Link(tt.reference, true); got.URL != "" || got.Label != tt.reference {
			t.Errorf("%q, masked, in %q is %+v", tt.reference, tt.links, got)
		}
	}
}
