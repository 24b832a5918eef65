package desk

import (
	"encoding/base64"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"muster/tokens/secrets"
)

const (
	ticketID    = "01m83xj880eamwg509hxjgv7gd"
	ticketOther = "01m83xj880eamwg509hxjgv7ge"
	ticketJWT   = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
)

func ticketSecret(prefix string, length int) string {
	body := prefix + ticketID + strings.Repeat("7", length)
	return body + secrets.Checksum(body)
}

// says is a text that is, or calls itself, a support code.
func says(text string, codes ...string) query {
	return query{kind: querySupportCode, codes: codes, says: true, text: text}
}

// maybe is a text that may be a support code or a name.
func maybe(text, code string) query {
	return query{kind: querySupportCode, codes: []string{code}, text: text}
}

func ids(all ...string) query { return query{kind: queryID, ids: all} }

func mistyped(id string) query { return query{kind: queryMistyped, text: id} }

// What callers read out and people paste, as it arrives, and what it is.
func TestRecognise(t *testing.T) {
	t.Parallel()
	registrationToken, refreshToken, apiKey := ticketSecret("mrt_", 32), ticketSecret("mrf_", 48), ticketSecret("mak_", 32)
	network := func(prefix string) query {
		return query{kind: queryNetwork, network: netip.MustParsePrefix(prefix)}
	}
	k7, k7small := says("K7Q4-M2QX", "K7Q4-M2QX"), says("k7q4-m2qx", "K7Q4-M2QX")
	const problem = `{"type":"about:blank","title":"Conflict","status":409,"code":"registration_token_exhausted","detail":"All of its counts are used.",` +
		`"retryable":false,"next_step":"Ask for more.","support_code":"K7Q4-M2QX","request_id":"` + ticketOther + `"}`
	for text, want := range map[string]query{
		"":         {kind: queryNothing},
		" \t\n ":   {kind: queryNothing},
		"\u00a0":   {kind: queryNothing},
		`""`:       {kind: queryNothing},
		"\u200b\n": {kind: queryNothing},

		// Secrets, whatever stands around them.
		registrationToken:                               {kind: queryRegistrationToken, text: registrationToken},
		strings.ToUpper(registrationToken):              {kind: queryRegistrationToken, text: strings.ToUpper(registrationToken)},
		"Bearer " + registrationToken:                   {kind: queryRegistrationToken, text: registrationToken},
		"https://m.example/redeem#" + registrationToken: {kind: queryRegistrationToken, text: registrationToken},
		registrationToken + ".":                         {kind: queryRegistrationToken, text: registrationToken},
		"“" + registrationToken + "”":                   {kind: queryRegistrationToken, text: registrationToken},
		"Support code: K7Q4-M2QX, " + registrationToken: {kind: queryRegistrationToken, text: registrationToken},
		// Mail programs break the line, web pages allow it with characters that nobody sees.
		registrationToken[:40] + "\r\n" + registrationToken[40:]:                               {kind: queryRegistrationToken, text: registrationToken},
		registrationToken[:40] + "\u200b" + registrationToken[40:]:                             {kind: queryRegistrationToken, text: registrationToken},
		registrationToken[:40] + "=\n" + registrationToken[40:]:                                {kind: queryRegistrationToken, text: registrationToken},
		strings.ReplaceAll(registrationToken, "_", "%5F"):                                      {kind: queryRegistrationToken, text: registrationToken},
		registrationToken[len("mrt_"):]:                                                        {kind: queryRegistrationToken, text: registrationToken},
		"Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(registrationToken)): {kind: queryRegistrationToken, text: registrationToken},
		refreshToken:                         {kind: queryRefreshToken, text: refreshToken},
		apiKey:                               {kind: queryAPIKey, text: apiKey},
		ticketJWT:                            {kind: queryAccessToken, text: ticketJWT},
		"Authorization: Bearer " + ticketJWT: {kind: queryAccessToken, text: ticketJWT},

		// Parts of secrets are never taken for names. The public id says which it may be.
		registrationToken[:68]:  mistyped(ticketID),
		registrationToken + "7": mistyped(ticketID),
		refreshToken[:40]:       mistyped(ticketID),
		strings.Replace(registrationToken, "01m83", "OLM83", 1)[:50]: mistyped(ticketID),
		registrationToken[:50] + "Ä" + registrationToken[51:]:        mistyped(ticketID),
		apiKey[:60]: mistyped(""),
		"mrf_0":     mistyped(""),
		"mrt_":      mistyped(""),
		registrationToken[len("mrt_")+26:] + "qrstv": mistyped(""),
		ticketJWT[:30]:                mistyped(""),
		"mrt_01m83xj880…":             {kind: queryHint, text: "01m83xj880"},
		"MRT_" + ticketID:             {kind: queryHint, text: ticketID},
		"the one with mrt_01m83xj880": {kind: queryHint, text: "01m83xj880"},

		// Support codes.
		"K7Q4-M2QX":               k7,
		"k7q4-m2qx":               k7small,
		" K7Q4-M2QX\n":            k7,
		"K7Q4-M2QX.":              k7,
		"“K7Q4-M2QX”":             k7,
		"'K7Q4-M2QX',":            k7,
		"«\u00a0K7Q4-M2QX\u00a0»": k7,
		"<K7Q4-M2QX>":             k7,
		"*K7Q4-M2QX*":             k7,
		"(K7Q4-M2QX)":             k7,
		"#K7Q4-M2QX":              k7,
		"K7Q4\u2013M2QX":          k7, // en dash
		"K7Q4\u2014M2QX":          k7, // em dash
		"K7Q4\u2011M2QX":          k7, // non-breaking hyphen
		"K7Q4\u2212M2QX":          k7, // minus
		"K7Q4 \u2013 M2QX":        k7,
		"K7Q4\u30fcM2QX":          k7, // what a Japanese keyboard has for a dash
		"\uff2b\uff17\uff31\uff14\uff0d\uff2d\uff12\uff31\uff38": k7, // full width
		"K7Q4-\u200bM2QX":              k7,
		"\ufeffK7Q4-M2QX":              k7,
		"K 7 Q 4 - M 2 Q X":            maybe("K 7 Q 4 - M 2 Q X", "K7Q4-M2QX"),
		"K7 Q4 M2 QX":                  maybe("K7 Q4 M2 QX", "K7Q4-M2QX"),
		"k7q4m2qx":                     maybe("k7q4m2qx", "K7Q4-M2QX"),
		"k7q4 m2qx":                    maybe("k7q4 m2qx", "K7Q4-M2QX"),
		"OILO-o1l0":                    says("OILO-o1l0", "0110-0110"),
		"K7Q4-M2QO":                    says("K7Q4-M2QO", "K7Q4-M2Q0"),
		"support code k7q4 m2qx":       says("k7q4 m2qx", "K7Q4-M2QX"),
		"Support code: K7Q4-M2QX":      k7,
		"Support code: K7Q4M2QX":       says("K7Q4M2QX", "K7Q4-M2QX"),
		"Support code:K 7 Q 4 M 2 Q X": says("K 7 Q 4 M 2 Q X", "K7Q4-M2QX"),
		"Support code: ABCD-EFGH":      says("ABCD-EFGH", "ABCD-EFGH"),
		"support code abcdefgh":        says("abcdefgh", "ABCD-EFGH"),
		"it says ABCD-EFGH":            says("ABCD-EFGH", "ABCD-EFGH"),
		"K7Q4-M2QX or abcd-efgh":       says("", "K7Q4-M2QX", "ABCD-EFGH"),
		"it is Anna-Lena calling":      {kind: queryText, text: "it is Anna-Lena calling"},
		"Supportcode K7Q4-M2QX":        k7,
		"Support-Code\nK7Q4-M2QX\nNennen Sie ihn dem Helpdesk": k7,
		"Code d’assistance : K7Q4-M2QX":                        k7,
		"Código de asistencia K7Q4-M2QX":                       k7,
		"サポートコード：K7Q4-M2QX":                                    k7,
		"the support code they have is k7q4-m2qx, thanks":      k7small,
		"It says K7Q4-M2QX and nothing works.":                 k7,
		"it says k7q4m2qx now":                                 maybe("k7q4m2qx", "K7Q4-M2QX"),
		"Re: AW: [EXT] Muster K7Q4-M2QX funktioniert nicht":    k7,
		"Your attempt on 23 Nov 2026, 10:00 UTC (support code K7Q4-M2QX) was turned away: count used up.": k7,
		problem: k7,
		strings.ReplaceAll(problem, ",", ",\n  "):                 k7,
		`"support_code": "K7Q4-M2QX`:                              k7,
		"support_code=K7Q4-M2QX":                                  k7,
		"https://muster.example/admin/investigate?code=K7Q4-M2QX": k7,
		"/admin/investigate?code=K7Q4-M2QX":                       k7,
		"https://muster.example/admin/investigate?q=K7Q4-M2QX":    k7,
		"either K7Q4-M2QX or 9C3T-0VWA":                           says("", "K7Q4-M2QX", "9C3T-0VWA"),
		"K7Q4-M2QX K7Q4–M2QX":                                     k7,
		"K7Q4-M2QX 9C3T-0VWA":                                     says("", "K7Q4-M2QX", "9C3T-0VWA"),
		"Support code: K7Q4-M2Q":                                  says("K7Q4-M2Q"),
		"Support code K7U4-M2QX":                                  says("K7U4-M2QX"),

		"My code is ESlP-SFAJ.":   says("ESlP-SFAJ", "ES1P-SFAJ"),
		"My code is ESiP-SFoJ.":   says("ESiP-SFoJ", "ES1P-SF0J"),
		"Support code ESlPSFAJ":   says("ESlPSFAJ", "ES1P-SFAJ"),
		"K3E8_FD2V":               maybe("K3E8_FD2V", "K3E8-FD2V"),
		"K3E8.FD2V.":              maybe("K3E8.FD2V", "K3E8-FD2V"),
		"K3E8/FD2V":               maybe("K3E8/FD2V", "K3E8-FD2V"),
		"K3E8--FD2V":              maybe("K3E8--FD2V", "K3E8-FD2V"),
		"My code is K3E8_FD2V.":   maybe("K3E8_FD2V", "K3E8-FD2V"),
		"Support code: k3e8_fd2v": says("k3e8_fd2v", "K3E8-FD2V"),
		"サポートコードはK3E8-FD2Vです":     says("K3E8-FD2V", "K3E8-FD2V"),
		"サポートコードはk3e8 fd2vです。":    says("k3e8 fd2v", "K3E8-FD2V"),
		"コード「K3E8-FD2V」、助けて":      says("K3E8-FD2V", "K3E8-FD2V"),

		"Support codeeyJhbGciOik7q4": maybeText("Support codeeyJhbGciOik7q4"),

		// Words with a dash, file names and the like are none.
		"it is a real-time one":             maybeText("it is a real-time one"),
		"a follow-up of john-paul":          maybeText("a follow-up of john-paul"),
		"Lilo-Olli and Lili-Lolo were here": maybeText("Lilo-Olli and Lili-Lolo were here"),
		"anna.marx":                         maybeText("anna.marx"),
		"LAPT.0417":                         maybeText("LAPT.0417"),
		"ROOM/0417":                         maybeText("ROOM/0417"),
		"see logs/2026 and 1030/1130":       maybeText("see logs/2026 and 1030/1130"),
		"the host.pc01 is slow":             maybeText("the host.pc01 is slow"),
		"this--that":                        maybeText("this--that"),
		"PC01_LON1.contoso.example":         maybeText("PC01_LON1.contoso.example"),

		// A name may look like one.
		"jonathan":                             maybe("jonathan", "J0NA-THAN"),
		"Anna Marx":                            maybe("Anna Marx", "ANNA-MARX"),
		"Anna-Lena":                            maybe("Anna-Lena", "ANNA-1ENA"),
		"lapt0417":                             maybe("lapt0417", "1APT-0417"),
		"20241130":                             maybe("20241130", "2024-1130"),
		"ABCD-EFGH":                            maybe("ABCD-EFGH", "ABCD-EFGH"),
		"laura.uhl":                            {kind: queryText, text: "laura.uhl"},
		"bus-stop":                             {kind: queryText, text: "bus-stop"},
		"LAPT-0417.contoso.example":            {kind: queryText, text: "LAPT-0417.contoso.example"},
		"3f2504e0-4f89-11d3-9a0c-0305e82c3301": {kind: queryText, text: "3f2504e0-4f89-11d3-9a0c-0305e82c3301"},
		"3f2504e04f8911d39a0c0305e82c3301":     {kind: queryText, text: "3f2504e04f8911d39a0c0305e82c3301"}, // a serial number, not a part of a secret
		"The support code does not work for Anna": {kind: queryText, text: "The support code does not work for Anna"},

		// Ids, of whatever they are, and addresses of ours.
		ticketID:                  ids(ticketID),
		strings.ToUpper(ticketID): ids(ticketID),
		"“" + ticketID + "”.":     ids(ticketID),
		"Request ID: " + ticketID: ids(ticketID),
		`{"title":"Internal Server Error","status":500,"request_id":"` + ticketID + `"}`:        ids(ticketID),
		"https://muster.example/admin/registration-tokens/" + ticketID + "?section=refused#top": ids(ticketID),
		"https://muster.example/admin/auth-tokens/" + ticketID:                                  ids(ticketID),
		"muster.example/admin/auth-tokens/" + ticketID + ".":                                    ids(ticketID),
		"GET /token/api/v5/authTokens/" + ticketID + " 404":                                     ids(ticketID),
		"https://muster.example/admin/audit?object=" + ticketID:                                 ids(ticketID),
		"https://muster.example/admin/auth-tokens/delete?id=" + ticketID + "&id=" + ticketOther: ids(ticketID, ticketOther),
		"9" + ticketID[1:]:            {kind: queryText, text: "9" + ticketID[1:]}, // more than 128 bits
		"build-server-of-the-office1": {kind: queryText, text: "build-server-of-the-office1"},
		"https://muster.example/admin/investigate?q=anna.weber&all=authTokens": maybeText("anna.weber"),
		"https://muster.example/admin/investigate?q=Rollout+Berlin":            {kind: queryText, text: "Rollout Berlin"},
		"https://muster.example/admin/investigate?ref=Zm9v_-8":                 {kind: queryResult, text: "Zm9v_-8"},

		// Addresses of machines.
		"00:53:00:aa:bb:cc": {kind: queryMAC, text: "00:53:00:aa:bb:cc"},
		"0053.00AA.BBCC":    {kind: queryMAC, text: "0053.00AA.BBCC"},
		"005300aabbcc":      {kind: queryMAC, text: "005300aabbcc"},
		"00\u201353\u201300\u2013aa\u2013bb\u2013cc": {kind: queryMAC, text: "00-53-00-aa-bb-cc"},
		"Physical Address. . : 00-53-00-AA-BB-CC":    {kind: queryMAC, text: "00-53-00-AA-BB-CC"},
		"192.0.2.7":                         {kind: queryIP, text: "192.0.2.7"},
		"192.0.2.7.":                        {kind: queryIP, text: "192.0.2.7"},
		"IP: 192.0.2.7":                     {kind: queryIP, text: "192.0.2.7"},
		"2001:db8::7.":                      {kind: queryIP, text: "2001:db8::7"},
		"the .00:53:00:aa:bb:cc one":        {kind: queryMAC, text: "00:53:00:aa:bb:cc"},
		"00:53:00:aa:bb:cc:":                {kind: queryMAC, text: "00:53:00:aa:bb:cc"},
		"192.0.2.7:52311":                   {kind: queryIP, text: "192.0.2.7"},
		"192.0.2.7/32":                      {kind: queryIP, text: "192.0.2.7"},
		"it comes from 192.0.2.7, they say": {kind: queryIP, text: "192.0.2.7"},
		"2001:db8::7":                       {kind: queryIP, text: "2001:db8::7"},
		"2001:DB8:0::7":                     {kind: queryIP, text: "2001:db8::7"},
		"[2001:db8::7]:443":                 {kind: queryIP, text: "2001:db8::7"},
		"fe80::1%eth0":                      {kind: queryIP, text: "fe80::1"},
		"::ffff:192.0.2.7":                  {kind: queryIP, text: "192.0.2.7"},
		"10.77.0.0/16":                      network("10.77.0.0/16"),
		"10.77.3.4/16":                      network("10.77.0.0/16"),
		"10.77.":                            network("10.77.0.0/16"),
		"10.77.*":                           network("10.77.0.0/16"),
		"10.77.*.*":                         network("10.77.0.0/16"), // as a masked page shows it
		"10.77.x.x":                         network("10.77.0.0/16"),
		"Subnet: 10.77.0.0/16":              network("10.77.0.0/16"),
		"2001:db8:*":                        network("2001:db8::/32"),
		"2001:db8::/32":                     network("2001:db8::/32"),
		"192.0.2":                           begun("192.0.2", "192.0.2.0/24"),
		"10.29":                             begun("10.29", "10.29.0.0/16"),
		"“203.0.113”,":                      begun("203.0.113", "203.0.113.0/24"),
		"Subnet: 203.0":                     begun("203.0", "203.0.0.0/16"),
		"10.29.10.0-255":                    network("10.29.10.0/24"),
		"10.29.0-255.0-255":                 network("10.29.0.0/16"),
		"10.29.300":                         maybeText("10.29.300"),
		"10":                                maybeText("10"),
		"v10.29":                            maybeText("v10.29"),
		"Rollout 10.29":                     maybeText("Rollout 10.29"),

		// People.
		"ada@contoso.example":                           {kind: queryEmail, text: "ada@contoso.example"},
		"ada@contoso.example.":                          {kind: queryEmail, text: "ada@contoso.example"},
		"write to ada@contoso.example@ now":             {kind: queryEmail, text: "ada@contoso.example"},
		"mailto:ada@contoso.example":                    {kind: queryEmail, text: "ada@contoso.example"},
		"<ada@contoso.example>":                         {kind: queryEmail, text: "ada@contoso.example"},
		"E-Mail: ada@contoso.example":                   {kind: queryEmail, text: "ada@contoso.example"},
		"Ada <ada@contoso.example>":                     {kind: queryEmail, text: "ada@contoso.example"},
		`"Weber" <w@contoso.example>`:                   {kind: queryEmail, text: "w@contoso.example"},
		`“Weber, Anna” <w@contoso.example>;`:            {kind: queryEmail, text: "w@contoso.example"},
		"From: Weber <w@contoso.example> ":              {kind: queryEmail, text: "w@contoso.example"},
		"ada@contoso.example, bob@contoso.example":      {kind: queryEmail, text: "ada@contoso.example", others: 1},
		"ada@contoso.example (Ada) ada@contoso.example": {kind: queryEmail, text: "ada@contoso.example"},
		"ada.o’hara@contoso.example":                    {kind: queryEmail, text: "ada.o'hara@contoso.example"},
		"müller@contoso.example":                        {kind: queryEmail, text: "müller@contoso.example"},
		"ada@":                                          {kind: queryText, text: "ada"},
		"@contoso.example":                              {kind: queryText, text: "@contoso.example"},
		`CONTOSO\ada`:                                   {kind: queryText, text: `CONTOSO\ada`},
		`"Weber"`:                                       {kind: queryText, text: "Weber"},
		"„Weber“":                                       {kind: queryText, text: "Weber"},
		"Anna\u00a0Weber":                               {kind: queryText, text: "Anna Weber"},
		"anna.\u200bweber":                              {kind: queryText, text: "anna.weber"},
		"User: anna.weber":                              {kind: queryText, text: "anna.weber"},
		"Benutzername = anna.weber":                     {kind: queryText, text: "anna.weber"},
		"إدارة":                                         {kind: queryText, text: "إدارة"},
		"Mu\u0308ller":                                  {kind: queryText, text: "M\u00fcller"},

		// Computers and labels.
		"lt-0417.emea.contoso.example": {kind: queryText, text: "lt-0417.emea.contoso.example"},
		`\\LT-0417`:                    {kind: queryText, text: "LT-0417"},
		"Computer: LT\u20110417":       {kind: queryText, text: "LT-0417"},
		"Re: Fwd: Rollout Berlin":      {kind: queryText, text: "Rollout Berlin"},
		"AW: WG: Rollout Berlin":       {kind: queryText, text: "Rollout Berlin"},
		"[EXT] Re[2]: Rollout Berlin":  {kind: queryText, text: "Rollout Berlin"},
		"Betreff: AW: Rollout Berlin":  {kind: queryText, text: "Rollout Berlin"},
		"Rollout (Berlin)":             {kind: queryText, text: "Rollout (Berlin)"},
		"(Rollout Berlin)":             {kind: queryText, text: "Rollout Berlin"},
		"Rollout: Berlin":              {kind: queryText, text: "Rollout: Berlin"},
		"Rollout 100% Berlin":          {kind: queryText, text: "Rollout 100% Berlin"},
	} {
		if got := recognise(text); !reflect.DeepEqual(got, want) {
			t.Errorf("%q is taken for %+v, want %+v", text, got, want)
		}
	}
}

// begun is what an address may begin with, or a word.
func begun(text, prefix string) query {
	return query{kind: queryText, text: text, network: netip.MustParsePrefix(prefix)}
}

func maybeText(text string) query { return query{kind: queryText, text: text} }
