package secrets_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"muster/tokens/secrets"
)

func TestFind_ReadsWhatMailProgramsAndChatsMakeOfASecret(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("testdata/pasted.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct{ From, Text string }
	if err := json.Unmarshal(file, &cases); err != nil || len(cases) < 50 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	written := strings.NewReplacer("{secret}", someMRT, "{SECRET}", strings.ToUpper(someMRT),
		"{rest}", someMRT[4:], "{first}", someMRT[:33], "{second}", someMRT[33:])
	for _, c := range cases {
		p, err := secrets.Find(secrets.RegistrationToken, written.Replace(c.Text))
		if err != nil || p.Secret().Reveal() != someMRT {
			t.Errorf("%s: %v", c.From, err)
		}
	}
}

func TestFind_MakesNoSecretOfWhatIsNone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"nothing":                 {"", secrets.ErrMalformed},
		"a sentence":              {"Where is my token?", secrets.ErrMalformed},
		"a lost character":        {"https://muster.example/redeem#" + someMRT[:68], secrets.ErrMistyped},
		"a lost character within": {someMRT[:20] + someMRT[21:] + " Regards", secrets.ErrMistyped},
		"a changed character":     {"token: " + someMRT[:40] + "z" + someMRT[41:], secrets.ErrMistyped},
		"another character in it": {someMRT[:20] + "/" + someMRT[20:], secrets.ErrMistyped},
		"a character too many":    {"token: " + someMRT + "7", secrets.ErrMistyped},
		"the prefix alone":        {"It starts with mrt_.", secrets.ErrMistyped},
		"another kind":            {someMAK, secrets.ErrOtherKind},
		"another kind in a link":  {"https://muster.example/#" + someMAK, secrets.ErrMalformed},
		"too much text":           {strings.Repeat("x", 10_000) + someMRT, secrets.ErrMalformed},
	} {
		if p, err := secrets.Find(secrets.RegistrationToken, c.text); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, %v; want %v", name, p, err, c.want)
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("see ", ".")
	f.Add("m", "%5F")
	f.Fuzz(func(t *testing.T, before, after string) {
		text := before + someMRT + after
		p, err := secrets.Find(secrets.RegistrationToken, text)
		if err == nil && p.Secret().Reveal() != someMRT {
			t.Errorf("%q gives another secret", text)
		}
	})
}
