package storetest

import (
	"encoding/base64"
	"strings"
	"testing"

	"muster/models"
)

// pageTokensAreBlind: whoever sees a name masked must not find it in the
// token of the next page.
func pageTokensAreBlind(t *testing.T, f fixture) {
	token := f.create(2)
	for range 2 {
		f.redeem(token.ID, func(c *models.Consumption) { c.AuthToken.SystemUserName = "someone@contoso.example" })
	}
	page, err := f.AuthTokens(t.Context(), models.AuthTokenFilter{}, models.PageRequest{Size: 1, SortBy: "systemUserName"}, Epoch)
	if err != nil || page.NextToken == "" {
		t.Fatalf("no next page: %v", err)
	}
	text, err := base64.RawURLEncoding.DecodeString(page.NextToken)
	if err != nil || strings.Contains(string(text), "contoso") {
		t.Errorf("the page token reads %s, %v", text, err)
	}
}
