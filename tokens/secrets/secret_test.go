package secrets_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"regexp"
	"strings"
	"testing"

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

func TestParse_ReadsEveryKind(t *testing.T) {
	t.Parallel()
	pattern := regexp.MustCompile(secrets.Pattern)
	for kind, text := range map[secrets.Kind]string{
		secrets.RegistrationToken: someMRT,
		secrets.RefreshToken:      someMRF,
		secrets.APIKey:            someMAK,
	} {
		p, err := secrets.Parse(kind, text)
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
			t.Errorf("%s: Pattern does not match it", kind)
		}
	}
}

func TestParse_FamilyDigestIsOfIDAndTagOnly(t *testing.T) {
	t.Parallel()
	a, errA := secrets.Parse(secrets.RefreshToken, someMRF)
	b, errB := secrets.Parse(secrets.RefreshToken,
		spell(secrets.RefreshToken, someID, someFamily, strings.Repeat("z", 32)))
	c, errC := secrets.Parse(secrets.RefreshToken,
		spell(secrets.RefreshToken, someID, strings.Repeat("z", 16), someRandom))
	if err := errors.Join(errA, errB, errC); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.FamilyDigest(), b.FamilyDigest()) || bytes.Equal(a.FamilyDigest(), c.FamilyDigest()) {
		t.Error("the family digest must follow the tag and nothing else")
	}
	if want := sha256.Sum256([]byte(someID + someFamily)); !bytes.Equal(a.FamilyDigest(), want[:]) {
		t.Error("the family digest is not the SHA-256 of id and tag")
	}
	if p, err := secrets.Parse(secrets.RegistrationToken, someMRT); err != nil || p.FamilyDigest() != nil {
		t.Errorf("a registration token has a family digest (%v)", err)
	}
}

func TestParse_ForgivesTyping(t *testing.T) {
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
		p, err := secrets.Parse(secrets.RegistrationToken, text)
		if err != nil || p.Secret().Reveal() != someMRT {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParse_TellsWhatIsWrong(t *testing.T) {
	t.Parallel()
	changed := []byte(someMRT)
	changed[40] = 'z'
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"empty":                     {"", secrets.ErrMalformed},
		"blank":                     {"   ", secrets.ErrMalformed},
		"a word":                    {"hunter2", secrets.ErrMalformed},
		"a NUL":                     {"\x00", secrets.ErrMalformed},
		"unknown prefix":            {"mxx_" + someMRT[4:], secrets.ErrMalformed},
		"oversize":                  {someMRT + strings.Repeat(" ", 200), secrets.ErrMalformed},
		"other kind":                {someMAK, secrets.ErrOtherKind},
		"refresh token":             {someMRF, secrets.ErrOtherKind},
		"other kind, mistyped":      {someMAK[:68], secrets.ErrMalformed},
		"prefix alone":              {"mrt_", secrets.ErrMistyped},
		"cut off":                   {someMRT[:len(someMRT)-1], secrets.ErrMistyped},
		"one too many":              {someMRT + "0", secrets.ErrMistyped},
		"one changed":               {string(changed), secrets.ErrMistyped},
		"u is no digit":             {someMRT[:20] + "u" + someMRT[21:], secrets.ErrMistyped},
		"a space inside":            {someMRT[:20] + " " + someMRT[20:], secrets.ErrMistyped},
		"id above the ULID's range": {spell(secrets.RegistrationToken, "8"+someID[1:], someRandom), secrets.ErrMistyped},
	} {
		if _, err := secrets.Parse(secrets.RegistrationToken, c.text); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestParse_NoticesEveryWrongCharacter(t *testing.T) {
	t.Parallel()
	for i := 4; i < len(someMRT); i++ {
		for _, r := range "0123456789abcdefghjkmnpqrstvwxyz" {
			if byte(r) == someMRT[i] {
				continue
			}
			text := someMRT[:i] + string(r) + someMRT[i+1:]
			if _, err := secrets.Parse(secrets.RegistrationToken, text); err == nil {
				t.Fatalf("character %d turned into %c passes", i, r)
			}
		}
	}
}

func TestWithin_FindsSecretsInURLs(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		someMRT, someMRF, someMAK,
		"/redeem?token=" + someMRT,
		"q=" + strings.ToUpper(someMRF) + "&x=1",
		"q=" + someMRT[:40], // most of one
		"q=%6drt_" + someMRT[4:],
		"q=%zz&p=mrt%5f" + someMRT[4:],
		"q=%256drt_" + someMRT[4:],
		"see " + someMRT[:30] + "\r\n" + someMRT[30:] + " please", // as mail programs break it
		"> " + someMRF[:20] + "=\n> " + someMRF[20:50] + "\n> " + someMRF[50:],
		someMAK[:9] + "\u200b" + someMAK[9:40] + "\u00a0" + someMAK[40:],
		"mrt_ and " + someMRT[:2] + "\u2060" + someMRT[2:],
	} {
		if !secrets.Within(s) {
			t.Errorf("not found in %q", s)
		}
	}
	for _, s := range []string{
		"", "mrt_", "/admin/registration-tokens/" + someID, "mrt_" + someID[:10], "mrt_" + someID,
		"registrationToken=" + someID, "smart_home", "100%",
		"mrt_" + someID[:10] + " is refused for all of them since they were moved to the other department, says the helpdesk today",
		"mrt_" + someID + "\n" + someRandom + "0000000",
	} {
		if secrets.Within(s) {
			t.Errorf("found in %q", s)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "mrt_", someMRT, someMRF, someMAK, strings.ToUpper(someMRT), " " + someMRF + "\n", "mrt_\x00"} {
		f.Add(s)
	}
	kinds := []secrets.Kind{secrets.RegistrationToken, secrets.RefreshToken, secrets.APIKey}
	pattern := regexp.MustCompile(`^` + secrets.Pattern + `$`)
	f.Fuzz(func(t *testing.T, s string) {
		accepted := 0
		for _, kind := range kinds {
			p, err := secrets.Parse(kind, s)
			if err != nil {
				continue
			}
			accepted++
			text := p.Secret().Reveal()
			if !pattern.MatchString(text) || !secrets.Within(s) {
				t.Errorf("%q passes as %s but the scanners miss it", s, kind)
			}
			again, err := secrets.Parse(kind, text)
			if err != nil || again != p {
				t.Errorf("%q does not survive its canonical spelling: %v", s, err)
			}
		}
		if accepted > 1 {
			t.Errorf("%q is %d kinds of secret", s, accepted)
		}
	})
}

func FuzzWithin(f *testing.F) {
	f.Add("?q=", "%")
	f.Add("%2", "%6d")
	f.Fuzz(func(t *testing.T, before, after string) {
		if !secrets.Within(before + someMRT + after) {
			t.Errorf("a secret between %q and %q is missed", before, after)
		}
	})
}
