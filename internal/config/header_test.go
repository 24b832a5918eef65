package config_test

import (
	"strings"
	"testing"

	"muster/internal/config"
)

func TestLoad_ForwardedHeader(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"":                 "X-Forwarded-For",
		"x-forwarded-for":  "X-Forwarded-For",
		"FORWARDED":        "Forwarded",
		"X-Real-IP":        "X-Real-Ip",
		"CF-Connecting-IP": "Cf-Connecting-Ip",
		"True-Client-IP":   "True-Client-Ip",
		"Proxy-Client-IP":  "Proxy-Client-Ip",
		"Fastly_Client.IP": "Fastly_client.ip",
	} {
		for _, dev := range []bool{false, true} {
			vars := map[string]string{"MUSTER_FORWARDED_HEADER": given}
			if !dev {
				vars = production(vars)
			}
			c, err := config.Load(config.Flags{Dev: dev}, environment(t, vars))
			if err != nil || c.ForwardedHeader != want || setting(c, "MUSTER_FORWARDED_HEADER") != want {
				t.Errorf("%q (dev %v) became %q, %v; want %q", given, dev, c.ForwardedHeader, err, want)
			}
		}
	}
	c, err := config.Load(flags(t, "--dev", "--forwarded-header=Forwarded"), environment(t, map[string]string{"MUSTER_FORWARDED_HEADER": "X-Real-IP"}))
	if err != nil || c.ForwardedHeader != "Forwarded" {
		t.Errorf("the flag does not win: %q, %v", c.ForwardedHeader, err)
	}
}

func TestLoad_RefusesAForwardedHeaderThatIsNone(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"X-Real-IP, Forwarded": "name of one header",
		"X Real IP":            "name of one header",
		"X-Forwarded-For:":     "name of one header",
		`"X-Real-IP"`:          "name of one header",
		"X-Ręal-IP":            "name of one header",
	} {
		refuseHeader(t, given, want)
	}
	for _, given := range []string{
		"Host", "authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "Connection", "Content-Type", "content-length", "Transfer-Encoding",
		"TE", "Trailer", "Upgrade", "Keep-Alive", "User-Agent", "Referer", "Origin", "Accept", "Accept-Language", "Date", "Expect", "Via", "From",
		"If-None-Match", "Range", "Cache-Control", "Sec-Fetch-Site", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Request-ID",
		"Idempotency-Key", "HX-Request", "Last-Event-ID",
	} {
		refuseHeader(t, given, "no address")
	}
}

func refuseHeader(t *testing.T, given, want string) {
	t.Helper()
	c, err := config.Load(config.Flags{Dev: true}, environment(t, map[string]string{"MUSTER_FORWARDED_HEADER": given}))
	if err == nil {
		t.Errorf("%q became %q", given, c.ForwardedHeader)
	} else if got := err.Error(); !strings.Contains(got, "1 problem:") || !strings.Contains(got, "- MUSTER_FORWARDED_HEADER is ") || !strings.Contains(got, want) || !strings.HasSuffix(got, ".") {
		t.Errorf("%q: %v; want %q", given, err, want)
	}
}
