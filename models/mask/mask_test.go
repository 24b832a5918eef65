package mask

import (
	"html"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"muster/models"
)

func TestMask_KeepsDomainsAndNetworksOnly(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		// What is no address stays as it is.
		"": "", "alice": "alice", "CONTOSO\\alice": "CONTOSO\\alice", "10:20 meeting": "10:20 meeting", "build 1.2.3": "build 1.2.3",
		"00:53:00:12:34:56": "00:53:00:12:34:56", "00-53-00-12-34-56": "00-53-00-12-34-56", "0053.0012.3456": "0053.0012.3456",
		"pc1.contoso.example": "pc1.contoso.example", "100%": "100%", "R&D": "R&D", "version 1.2.3.4000": "version 1.2.3.4000", "Ｒｏｌｌｏｕｔ": "Ｒｏｌｌｏｕｔ",
		"2026-11-29": "2026-11-29", "08:36:56": "08:36:56",
		// E-mail addresses, in any spelling and company.
		"alice@contoso.example": "a…@contoso.example", "ölaf@contoso.example": "ö…@contoso.example", "@contoso.example": "…@contoso.example",
		"for alice@contoso.example, please": "for a…@contoso.example, please", "Anna <anna@contoso.example>": "Anna <a…@contoso.example>",
		"mailto:alice@contoso.example": "mailto:a…@contoso.example", "alice%40contoso.example": "a…@contoso.example",
		"alice%2540contoso.example": "a…@contoso.example", "alice&#64;contoso.example": "a…@contoso.example", "alice＠contoso.example": "a…@contoso.example",
		"alice﹫contoso.example": "a…@contoso.example", `"alice smith"@contoso.example`: "*…@contoso.example", "al'ice+x={y}@contoso.example": "a…@contoso.example",
		"alice@[10.1.2.3]": "a…@[10.1.*.*]", "a@b@c": "a…@c", "ali\u200bce@contoso.example": "a…@contoso.example", "%3Calice@contoso.example%3E": "<a…@contoso.example>",
		// IPv4.
		"10.1.2.3": "10.1.*.*", "at 10.1.2.3!": "at 10.1.*.*!", "10.1.2.3:51234": "10.1.*.*:51234", "010.1.2.3": "010.1.*.*", "v10.1.2.3": "v10.1.*.*",
		"ip-10-1-2-3.ec2.internal": "ip-10-1-*-*.ec2.internal", "ec2-54-12-33-44.compute": "ec2-54-*-*-*.compute", "host_10_1_2_3": "host_10_1_*_*",
		"１０．１．２．３": "10.1.*.*", "10。1。2。3": "10.1.*.*", "10.\u200b1.2.3": "10.1.*.*", "10%2E1.2.3": "10.1.*.*", "1.10.1.2.3": "1.10.*.*.*",
		"3.2.1.10.in-addr.arpa": "*.in-addr.arpa", "http://10.1.2.3/x": "http://10.1.*.*/x",
		// IPv6.
		"2001:db8:1:2::3": "2001:db8:*", "2001:db8::88.": "2001:db8:*.", "2001:db8::1:": "2001:db8:*:", "ip:2001:db8:aa:bb::77": "ip:2001:db8:*",
		"[2001:db8::7]:443": "[2001:db8:*]:443", "2001:db8:1:2:3:4:5:6": "2001:db8:*", "face:2001:db8:1:2:3:4:5:6": "face:2001:*", "fe80::1%eth0": "fe80:*%eth0",
		"::ffff:10.1.2.3": "10.1.*.*", "x::1": "x:*", "2001：db8：：7": "2001:db8:*", "7.0.0.0.ip6.arpa": "*.ip6.arpa",
	} {
		if got := Text(text); got != want {
			t.Errorf("Text(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestMask_FieldsOfTheirOwnKind(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		mask func(string) string
		want map[string]string
	}{
		"IP address": {IP, map[string]string{
			"10.1.2.3": "10.1.*.*", "::ffff:10.1.2.3": "10.1.*.*", "2001:db8:1:2::3": "2001:db8:*", "fe80::1%eth0": "fe80:*", "": "", "nonsense": "*",
		}},
		"hardware address": {MAC, map[string]string{
			"00:53:00:12:34:56": "00:53:00:12:34:56", "00-53-00-12-34-56": "00-53-00-12-34-56", "00:53:00:12:34:56:78:9a": "00:53:00:12:34:56:78:9a",
			"0053.0012.3456": "0053.0012.3456", "10.1.2.3": "10.1.*.*", "a@contoso.example": "a…@contoso.example",
		}},
		"program": {Agent, map[string]string{
			"Mozilla/5.0 Chrome/131.0.0.0 Safari/537.36":   "Mozilla/5.0 Chrome/131.0.0.0 Safari/537.36",
			"device/1.0.0.1 (10.1.2.3; x@contoso.example)": "device/1.0.*.* (10.1.*.*; x…@contoso.example)",
			"agent/10.77.66.5 x/alice@contoso.example":     "agent/10.77.*.* x…@contoso.example", "agent/2001:db8::7": "agent/2001:db8:*",
		}},
	} {
		for text, want := range c.want {
			if got := c.mask(text); got != want {
				t.Errorf("%s %q is shown as %q, want %q", name, text, got, want)
			}
		}
	}
}

// encodings are the ways in which pages, REST and other programs write a text.
var encodings = []func(string) string{
	func(text string) string { return text },
	url.QueryEscape,
	url.PathEscape,
	func(text string) string { return url.QueryEscape(url.QueryEscape(text)) },
	html.EscapeString,
	func(text string) string {
		return html.EscapeString(strings.NewReplacer("@", "&#64;", ".", "&#46;", ":", "&#58;", "-", "&#45;").Replace(text))
	},
	func(text string) string {
		return strings.NewReplacer("@", "&#64;", ".", "&#46;", ":", "&#x3A;").Replace(text)
	},
	func(text string) string { return strings.NewReplacer("@", "%40", ".", "%2e", ":", "%3A").Replace(text) },
	strings.NewReplacer("@", "＠", ".", "．", ":", "：", "1", "１", "2", "２", "a", "ａ").Replace,
	strings.NewReplacer("@", "﹫", ".", "。").Replace,
	func(text string) string {
		return strings.NewReplacer(".", ".\u200b", "@", "\u00ad@", ":", ":\u2060").Replace(text)
	},
	func(text string) string { return "<" + text + ">" },
	func(text string) string { return `{"address":"` + text + `"}` },
	strings.ToUpper,
}

// read undoes every encoding, as a reader's eye or program would.
func read(text string) string {
	for range 4 {
		if decoded, err := url.QueryUnescape(text); err == nil {
			text = decoded
		}
		text = norm.NFKC.String(html.UnescapeString(text))
		text = strings.NewReplacer("。", ".", "\u200b", "", "\u00ad", "", "\u2060", "").Replace(text)
	}
	return strings.ToLower(text)
}

func FuzzMask_NoPlantedAddressSurvives(f *testing.F) {
	f.Add("john.smith", uint32(0x0a4d4205), uint64(0x00aa00bb), "ip:", ".")
	f.Add("j", uint32(0xcb007107), uint64(7), "seen at ", ": late")
	f.Add("o'brien", uint32(0), uint64(1), "2001:", ":8080")
	f.Add("x", uint32(0x01020304), uint64(0xffff), "Chrome/", " Safari/1")
	f.Fuzz(func(t *testing.T, name string, v4 uint32, v6 uint64, before, after string) {
		name = strings.Map(func(r rune) rune {
			if strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789.+-_'", r) {
				return r
			}
			return -1
		}, strings.ToLower(name))
		four := netip.AddrFrom4([4]byte{byte(v4 >> 24), byte(v4 >> 16), byte(v4 >> 8), byte(v4)})
		six := netip.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, 4: byte(v6 >> 56), 5: byte(v6 >> 48), 6: byte(v6 >> 40), 7: byte(v6 >> 32), 12: byte(v6 >> 24), 13: byte(v6 >> 16), 14: byte(v6 >> 8), 15: byte(v6) | 1})
		planted := []string{four.String(), six.String(), strings.ReplaceAll(four.String(), ".", "-"), six.StringExpanded(),
			strings.ReplaceAll(six.String(), ":", "-"), strings.ReplaceAll(six.StringExpanded(), ":", "-")}
		if len(name) > 1 {
			planted = append(planted, name+"@corp.example")
		}
		for _, address := range planted {
			for i, encode := range encodings {
				text := before + encode(address) + after
				for field, mask := range map[string]func(string) string{"text": Text, "program": Agent, "MAC": MAC} {
					if strings.HasSuffix(address, ".0.0.0") && field == "program" || strings.Contains(read(before+"|"+after), address) {
						continue // a browser's version; and what the others planted
					}
					if masked := mask(text); strings.Contains(read(masked), address) {
						t.Errorf("as %s, encoding %d of %s in %q is shown: %q", field, i, address, text, masked)
					}
				}
			}
		}
		if plain := before + after; !models.MayHoldAddress(plain) && Text(plain) != plain {
			t.Errorf("%q holds no address and is shown as %q", plain, Text(plain))
		}
	})
}
