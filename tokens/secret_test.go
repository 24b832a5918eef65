package tokens_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"muster/tokens"
)

const (
	someID     = "01jd9z6v5k8q2m4n7p0r3s6t9w"
	someRandom = "0123456789abcdefghjkmnpqrstvwxyz"
	someFamily = "abcdefghjkmnpqrs"
)

func spell(kind tokens.SecretKind, parts ...string) string {
	body := string(kind) + strings.Join(parts, "")
	return body + tokens.Checksum(body)
}

var (
	someMRT = spell(tokens.SecretRegistrationToken, someID, someRandom)
	someMRF = spell(tokens.SecretRefreshToken, someID, someFamily, someRandom)
	someMAK = spell(tokens.SecretAPIKey, someID, someRandom)
)

func TestParseSecret_ReadsEveryKind(t *testing.T) {
	t.Parallel()
	pattern := regexp.MustCompile(tokens.SecretPattern)
	for kind, text := range map[tokens.SecretKind]string{
		tokens.SecretRegistrationToken: someMRT,
		tokens.SecretRefreshToken:      someMRF,
		tokens.SecretAPIKey:            someMAK,
	} {
		p, err := tokens.ParseSecret(kind, text)
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		if p.ID != someID || p.Kind != kind || p.Secret().Reveal() != text {
			t.Errorf("%s: parsed %+v", kind, p)
		}
		if want := sha256.Sum256([]byte(text)); !bytes.Equal(p.Digest(), want[:]) {
			t.Errorf("%s: the digest is not the SHA-256 of the secret", kind)
		}
		if pattern.FindString("x "+text+" y") != text {
			t.Errorf("%s: SecretPattern does not match it", kind)
		}
	}
}

func TestParseSecret_FamilyDigestIsOfIDAndTagOnly(t *testing.T) {
	t.Parallel()
	a, errA := tokens.ParseSecret(tokens.SecretRefreshToken, someMRF)
	b, errB := tokens.ParseSecret(tokens.SecretRefreshToken,
		spell(tokens.SecretRefreshToken, someID, someFamily, strings.Repeat("z", 32)))
	c, errC := tokens.ParseSecret(tokens.SecretRefreshToken,
		spell(tokens.SecretRefreshToken, someID, strings.Repeat("z", 16), someRandom))
	if err := errors.Join(errA, errB, errC); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.FamilyDigest(), b.FamilyDigest()) || bytes.Equal(a.FamilyDigest(), c.FamilyDigest()) {
		t.Error("the family digest must follow the tag and nothing else")
	}
	if want := sha256.Sum256([]byte(someID + someFamily)); !bytes.Equal(a.FamilyDigest(), want[:]) {
		t.Error("the family digest is not the SHA-256 of id and tag")
	}
	if p, err := tokens.ParseSecret(tokens.SecretRegistrationToken, someMRT); err != nil || p.FamilyDigest() != nil {
		t.Errorf("a registration token has a family digest (%v)", err)
	}
}

func TestParseSecret_ForgivesTyping(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"white space":  " \t" + someMRT + "\r\n",
		"capitals":     strings.ToUpper(someMRT),
		"o for 0":      someMRT[:4] + strings.ReplaceAll(someMRT[4:], "0", "o"),
		"O for 0":      someMRT[:4] + strings.ReplaceAll(someMRT[4:], "0", "O"),
		"i for 1":      someMRT[:4] + strings.ReplaceAll(someMRT[4:], "1", "i"),
		"L for 1":      someMRT[:4] + strings.ReplaceAll(someMRT[4:], "1", "L"),
		"non-breaking": "\u00a0" + someMRT,
	} {
		p, err := tokens.ParseSecret(tokens.SecretRegistrationToken, text)
		if err != nil || p.Secret().Reveal() != someMRT {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParseSecret_TellsWhatIsWrong(t *testing.T) {
	t.Parallel()
	changed := []byte(someMRT)
	changed[40] = 'z'
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"empty":                     {"", tokens.ErrSecretMalformed},
		"blank":                     {"   ", tokens.ErrSecretMalformed},
		"a word":                    {"hunter2", tokens.ErrSecretMalformed},
		"a NUL":                     {"\x00", tokens.ErrSecretMalformed},
		"unknown prefix":            {"mxx_" + someMRT[4:], tokens.ErrSecretMalformed},
		"oversize":                  {someMRT + strings.Repeat(" ", 200), tokens.ErrSecretMalformed},
		"other kind":                {someMAK, tokens.ErrSecretOtherKind},
		"refresh token":             {someMRF, tokens.ErrSecretOtherKind},
		"other kind, mistyped":      {someMAK[:68], tokens.ErrSecretMalformed},
		"prefix alone":              {"mrt_", tokens.ErrSecretMistyped},
		"cut off":                   {someMRT[:len(someMRT)-1], tokens.ErrSecretMistyped},
		"one too many":              {someMRT + "0", tokens.ErrSecretMistyped},
		"one changed":               {string(changed), tokens.ErrSecretMistyped},
		"u is no digit":             {someMRT[:20] + "u" + someMRT[21:], tokens.ErrSecretMistyped},
		"a space inside":            {someMRT[:20] + " " + someMRT[20:], tokens.ErrSecretMistyped},
		"id above the ULID's range": {spell(tokens.SecretRegistrationToken, "8"+someID[1:], someRandom), tokens.ErrSecretMistyped},
	} {
		if _, err := tokens.ParseSecret(tokens.SecretRegistrationToken, c.text); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestParseSecret_NoticesEveryWrongCharacter(t *testing.T) {
	t.Parallel()
	for i := 4; i < len(someMRT); i++ {
		for _, r := range "0123456789abcdefghjkmnpqrstvwxyz" {
			if byte(r) == someMRT[i] {
				continue
			}
			text := someMRT[:i] + string(r) + someMRT[i+1:]
			if _, err := tokens.ParseSecret(tokens.SecretRegistrationToken, text); err == nil {
				t.Fatalf("character %d turned into %c passes", i, r)
			}
		}
	}
}

func TestLooksLikeSecret_FindsSecretsInURLs(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		someMRT, someMRF, someMAK,
		"/redeem?token=" + someMRT,
		"q=" + strings.ToUpper(someMRF) + "&x=1",
		"q=" + someMRT[:40], // most of one
		"q=%6drt_" + someMRT[4:],
		"q=%zz&p=mrt%5f" + someMRT[4:],
		"q=%256drt_" + someMRT[4:],
	} {
		if !tokens.LooksLikeSecret(s) {
			t.Errorf("not found in %q", s)
		}
	}
	for _, s := range []string{
		"", "mrt_", "/admin/registration-tokens/" + someID, "mrt_" + someID[:10], "mrt_" + someID,
		"registrationToken=" + someID, "smart_home", "100%",
	} {
		if tokens.LooksLikeSecret(s) {
			t.Errorf("found in %q", s)
		}
	}
}

func FuzzParseSecret(f *testing.F) {
	for _, s := range []string{"", "mrt_", someMRT, someMRF, someMAK, strings.ToUpper(someMRT), " " + someMRF + "\n", "mrt_\x00"} {
		f.Add(s)
	}
	kinds := []tokens.SecretKind{tokens.SecretRegistrationToken, tokens.SecretRefreshToken, tokens.SecretAPIKey}
	pattern := regexp.MustCompile(`^` + tokens.SecretPattern + `$`)
	f.Fuzz(func(t *testing.T, s string) {
		accepted := 0
		for _, kind := range kinds {
			p, err := tokens.ParseSecret(kind, s)
			if err != nil {
				continue
			}
			accepted++
			text := p.Secret().Reveal()
			if !pattern.MatchString(text) || !tokens.LooksLikeSecret(s) {
				t.Errorf("%q passes as %s but the scanners miss it", s, kind)
			}
			again, err := tokens.ParseSecret(kind, text)
			if err != nil || again != p {
				t.Errorf("%q does not survive its canonical spelling: %v", s, err)
			}
		}
		if accepted > 1 {
			t.Errorf("%q is %d kinds of secret", s, accepted)
		}
	})
}

func FuzzLooksLikeSecret(f *testing.F) {
	f.Add("?q=", "%")
	f.Add("%2", "%6d")
	f.Fuzz(func(t *testing.T, before, after string) {
		if !tokens.LooksLikeSecret(before + someMRT + after) {
			t.Errorf("a secret between %q and %q is missed", before, after)
		}
	})
}

func TestSecret_NeverPrinted(t *testing.T) {
	t.Parallel()
	p, err := tokens.ParseSecret(tokens.SecretRegistrationToken, someMRT)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		fmt.Sprint(p), fmt.Sprintf("%+v %#v %s %q", p, p, p, p), p.Secret().String(),
		fmt.Sprintf("%v %+v", struct{ P tokens.Parsed }{p}, []tokens.Parsed{p}),
		fmt.Sprintf("%+v", tokens.RedeemRequest{Secret: p.Secret()}),
		fmt.Sprintf("%+v", tokens.IssuedAuthToken{RefreshToken: p.Secret(), AccessToken: p.Secret()}),
	} {
		if strings.Contains(text, someRandom) || tokens.LooksLikeSecret(text) {
			t.Errorf("a secret is printed: %s", text)
		}
	}
}
