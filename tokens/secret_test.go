package tokens_test

import (
	"fmt"
	"strings"
	"testing"

	"muster/tokens"
	"muster/tokens/secrets"
)

const (
	someID     = "01jd9z6v5k8q2m4n7p0r3s6t9w"
	someRandom = "0123456789abcdefghjkmnpqrstvwxyz"
	someFamily = "abcdefghjkmnpqrs"
)

func spell(kind secrets.Kind, parts ...string) string {
	body := string(kind) + strings.Join(parts, "")
	return body + secrets.Checksum(body)
}

var (
	someMRT = spell(secrets.RegistrationToken, someID, someRandom)
	someMRF = spell(secrets.RefreshToken, someID, someFamily, someRandom)
	someMAK = spell(secrets.APIKey, someID, someRandom)
)

func TestSecret_NeverPrinted(t *testing.T) {
	t.Parallel()
	p, err := secrets.Parse(secrets.RegistrationToken, someMRT)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		fmt.Sprint(p), fmt.Sprintf("%+v %#v %s %q", p, p, p, p), p.Secret().String(),
		fmt.Sprintf("%v %+v", struct{ P secrets.Parsed }{p}, []secrets.Parsed{p}),
		fmt.Sprintf("%+v", tokens.RedeemRequest{Secret: p.Secret()}),
		fmt.Sprintf("%+v", tokens.IssuedAuthToken{IssuedSecrets: tokens.IssuedSecrets{RefreshToken: p.Secret(), AccessToken: p.Secret()}}),
	} {
		if strings.Contains(text, someRandom) || secrets.Within(text) {
			t.Errorf("a secret is printed: %s", text)
		}
	}
}
