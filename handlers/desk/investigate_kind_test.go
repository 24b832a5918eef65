package desk

import (
	"strings"
	"testing"

	"muster/tokens"
)

func TestRecognise(t *testing.T) {
	t.Parallel()
	const id = "01m83xj880eamwg509hxjgv7gd"
	secret := func(prefix string, length int) string {
		body := prefix + id + strings.Repeat("7", length)
		return body + tokens.Checksum(body)
	}
	registrationToken, refreshToken, apiKey := secret("mrt_", 32), secret("mrf_", 48), secret("mak_", 32)
	const jwt = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
	for text, want := range map[string]asked{
		"":                                 {askedNothing, ""},
		" \t\n ":                           {askedNothing, ""},
		registrationToken:                  {askedRegistrationToken, registrationToken},
		strings.ToUpper(registrationToken): {askedRegistrationToken, strings.ToUpper(registrationToken)},
		"Bearer " + registrationToken:      {askedRegistrationToken, registrationToken},
		"https://m.example/redeem#" + registrationToken: {askedRegistrationToken, registrationToken},
		registrationToken + ".":                         {askedRegistrationToken, registrationToken},
		refreshToken:                                    {askedRefreshToken, refreshToken},
		apiKey:                                          {askedAPIKey, apiKey},
		registrationToken[:68]:                          {askedMistyped, ""},
		registrationToken + "7":                         {askedMistyped, ""},
		refreshToken[:40]:                               {askedMistyped, ""},
		"mrf_0":                                         {askedMistyped, ""},
		"mrt_":                                          {askedMistyped, ""},
		"mrt_01m83xj880…":                               {askedHint, "01m83xj880"},
		"MRT_" + id:                                     {askedHint, id},
		jwt:                                             {askedAccessToken, jwt},
		"Authorization: Bearer " + jwt:                  {askedAccessToken, jwt},
		"K7Q4-M2QX":                                     {askedSupportCode, "K7Q4-M2QX"},
		"k7q4m2qx":                                      {askedSupportCode, "K7Q4-M2QX"},
		"k7q4 m2qx":                                     {askedSupportCode, "K7Q4-M2QX"},
		"jonathan":                                      {askedSupportCode, "JONA-THAN"}, // told from a name by looking
		id:                                              {askedID, id},
		strings.ToUpper(id):                             {askedID, id},
		"9" + id[1:]:                                    {askedText, "9" + id[1:]}, // more than 128 bits
		"build-server-of-the-office1":                   {askedText, "build-server-of-the-office1"},
		"00:53:00:aa:bb:cc":                             {askedMAC, "00:53:00:aa:bb:cc"},
		"0053.00AA.BBCC":                                {askedMAC, "0053.00AA.BBCC"},
		"005300aabbcc":                                  {askedMAC, "005300aabbcc"},
		"192.0.2.7":                                     {askedIP, "192.0.2.7"},
		"2001:db8::7":                                   {askedIP, "2001:db8::7"},
		"192.0.2":                                       {askedText, "192.0.2"},
		"ada@contoso.example":                           {askedEmail, "ada@contoso.example"},
		"Ada <ada@contoso.example>":                     {askedEmail, "Ada <ada@contoso.example>"},
		"lt-0417.emea.contoso.example":                  {askedText, "lt-0417.emea.contoso.example"},
		`CONTOSO\ada`:                                   {askedText, `CONTOSO\ada`},
		"إدارة":                                         {askedText, "إدارة"},
	} {
		if got := recognise(text); got != want {
			t.Errorf("%q is taken for %+v, want %+v", text, got, want)
		}
	}
}
