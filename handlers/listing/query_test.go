package listing_test

import (
	"net/url"
	"testing"

	"muster/handlers/listing"
)

func TestRead_AListWithoutStatesReadsNone(t *testing.T) {
	t.Parallel()
	list := listing.List{Path: "/things"}
	for _, address := range []string{"=live", "=all", "=live&q=x"} {
		values, err := url.ParseQuery(address)
		if err != nil {
			t.Fatal(err)
		}
		q, err := list.Read(values)
		if err != nil || q.State != "" || q.Search != values.Get("q") {
			t.Errorf("?%s reads %+v, %v", address, q, err)
		}
	}
}
