package desk

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"muster/seen"
	"muster/tokens/secrets"
)

// pieces are what tickets are made of.
var pieces = []string{
	"K7Q4-M2QX", "k7q4", "–", " ", " ", "\u00a0", "\u200b", ": ", "Support code", "Re: ", "AW:", "“", "”", "'", "(", ")", "<", ">", ",", ".", "\n", "=", "\\",
	"anna.weber", "@", "contoso.example", "10.77.", "10.77", ".3", "K3E8_FD2V", "ESlP-SFAJ", "は", "10.77.3.4", "/16", "2001:db8::7", "00-53-00-aa-bb-cc", "mrt_", "mrf_", ticketID, "eyJhbGciOi",
	"https://muster.example/admin/investigate?q=", "/admin/auth-tokens/", "&all=x", "%2D", "%40", "user: ", "user=", "Ü", "u\u0308", "5", "Rollout", "?ref=", "code=",
	strings.Repeat("7", 30), "qrstv0123456789",
}

// A result address holds a query as text, and must mean the same when it is opened.
func TestRecognise_MeansTheSameInAnAddress(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		checkQuery(t, strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 9).Draw(t, "pieces"), ""))
	})
}

// An address is taken from a text and read like one that stands alone.
func TestRecognise_ReadsAnAddressWithinATextAsIfItStoodAlone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`K7Q4-M2QX\K7Q4-M2QX'@K7Q4-M2QX`, `x\K7Q4-M2QX'b@c`, "please: user=anna.weber@contoso.example", `x\user='@b`, "a@b x user=c@d"} {
		checkQuery(t, text)
	}
	if q := recognise("please: user=anna.weber@contoso.example, bob@contoso.example"); q.text != "anna.weber@contoso.example" || q.others != 1 {
		t.Errorf("taken as %+v", q)
	}
}

func FuzzRecognise(f *testing.F) {
	for _, piece := range pieces {
		f.Add(piece)
	}
	f.Fuzz(func(t *testing.T, text string) { checkQuery(t, text) })
}

func checkQuery(t interface{ Errorf(string, ...any) }, text string) {
	q := recognise(text)
	switch q.kind {
	case queryNothing, queryResult:
		return
	case queryRegistrationToken, queryRefreshToken, queryAccessToken, queryAPIKey, queryMistyped:
		if q.kind == queryMistyped && len(q.text) > 26 {
			t.Errorf("%q: more than a public id is kept: %q", text, q.text)
		}
		return
	default:
	}
	spelled := q.spelled()
	if again := recognise(spelled); again.kind != q.kind || again.spelled() != spelled {
		t.Errorf("%q is %+v, and in an address %q %+v", text, q, spelled, again)
	}
	if !q.isOpen() {
		return
	}
	if seen.HoldsAddress(spelled) || secrets.Within(spelled) {
		t.Errorf("%q stands in an address as %q", text, spelled)
	}
}
