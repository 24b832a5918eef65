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
	for text, want := range map[string]query{
		"":                                 {queryNothing, ""},
		" \t\n ":                           {queryNothing, ""},
		registrationToken:                  {queryRegistrationToken, registrationToken},
		strings.ToUpper(registrationToken): {queryRegistrationToken, strings.ToUpper(registrationToken)},
		"Bearer " + registrationToken:      {queryRegistrationToken, registrationToken},
		"https://m.example/redeem#" + registrationToken: {queryRegistrationToken, registrationToken},
		registrationToken + ".":                         {queryRegistrationToken, registrationToken},
		refreshToken:                                    {queryRefreshToken, refreshToken},
		apiKey:                                          {queryAPIKey, apiKey},
		registrationToken[:68]:                          {queryMistyped, ""},
		registrationToken + "7":                         {queryMistyped, ""},
		refreshToken[:40]:                               {queryMistyped, ""},
		"mrf_0":                                         {queryMistyped, ""},
		"mrt_":                                          {queryMistyped, ""},
		"mrt_01m83xj880…":                               {queryHint, "01m83xj880"},
		"MRT_" + id:                                     {queryHint, id},
		jwt:                                             {queryAccessToken, jwt},
		"Authorization: Bearer " + jwt:                  {queryAccessToken, jwt},
		"K7Q4-M2QX":                                     {querySupportCode, "K7Q4-M2QX"},
		"k7q4m2qx":                                      {querySupportCode, "K7Q4-M2QX"},
		"k7q4 m2qx":                                     {querySupportCode, "K7Q4-M2QX"},
		"jonathan":                                      {querySupportCode, "JONA-THAN"}, // told from a name by looking
		id:                                              {queryID, id},
		strings.ToUpper(id):                             {queryID, id},
		"9" + id[1:]:                                    {queryText, "9" + id[1:]}, // more than 128 bits
		"build-server-of-the-office1":                   {queryText, "build-server-of-the-office1"},
		"00:53:00:aa:bb:cc":                             {queryMAC, "00:53:00:aa:bb:cc"},
		"0053.00AA.BBCC":                                {queryMAC, "0053.00AA.BBCC"},
		"005300aabbcc":                                  {queryMAC, "005300aabbcc"},
		"192.0.2.7":                                     {queryIP, "192.0.2.7"},
		"2001:db8::7":                                   {queryIP, "2001:db8::7"},
		"192.0.2":                                       {queryText, "192.0.2"},
		"ada@contoso.example":                           {queryEmail, "ada@contoso.example"},
		"Ada <ada@contoso.example>":                     {queryEmail, "Ada <ada@contoso.example>"},
		"lt-0417.emea.contoso.example":                  {queryText, "lt-0417.emea.contoso.example"},
		`CONTOSO\ada`:                                   {queryText, `CONTOSO\ada`},
		"إدارة":                                         {queryText, "إدارة"},
	} {
		if got := recognise(text); got != want {
			t.Errorf("%q is taken for %+v, want %+v", text, got, want)
		}
	}
}
