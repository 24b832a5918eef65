package web

import (
	"net/url"
	"strings"
	"testing"
)

// awayPaths would lead a browser elsewhere, or in circles.
var awayPaths = []string{
	"", "//evil.example", "///evil.example", "////evil.example/%2f..", `/\evil.example`, `\evil.example`, `\\evil.example`, `/\/evil.example`,
	"https://evil.example", "https:evil.example", "https:/evil.example", "http:///evil.example", "javascript:alert(1)", "data:text/html,x", "mailto:a@b",
	"/%2f/evil.example", "/%2F%2Fevil.example", "/%5cevil.example", "/%09/evil.example", "/\t/evil.example", "/\n/evil.example", "\r/admin",
	"/\x00", "/admin\x00", "/admin/../../evil", "/.", "/..", "/./evil", "/;@evil.example", "/@evil.example", "//user@evil.example", "/admin/%2e%2e/",
	"/auth", "/auth/login", "/auth/callback", "/auth/logout", "admin", "?q=1", "#x", "https://muster.example/admin", "/a:b@c", "/ädmin", "／／evil.example",
	"/" + strings.Repeat("a", 2000), "/admin?q=" + strings.Repeat("%C3%A4", 400), "/admin?q=" + strings.Repeat("ä", 900),
}

func TestReturnPath_NeverLeadsAway(t *testing.T) {
	t.Parallel()
	for _, raw := range awayPaths {
		if raw == "/admin?q="+strings.Repeat("%C3%A4", 400) {
			raw += strings.Repeat("x", 2000)
		}
		if got := ReturnPath(raw); got != "/" {
			t.Errorf("ReturnPath(%.60q) = %.60q", raw, got)
		}
	}
	for raw, want := range map[string]string{
		"/admin": "/admin", "/admin/registration-tokens/01h?page=2&q=a%26b": "/admin/registration-tokens/01h?page=2&q=a%26b",
		"/authority": "/authority", "/redeem#x": "/redeem", "/admin?next=//evil.example": "/admin?next=%2F%2Fevil.example",
	} {
		if got := ReturnPath(raw); got != want {
			t.Errorf("ReturnPath(%q) = %q, want %q", raw, got, want)
		}
	}
}

// FuzzReturnPath resolves what comes out as a browser does: it must stay on
// our host and be a single clean line that fits the cookie.
func FuzzReturnPath(f *testing.F) {
	for _, raw := range awayPaths {
		f.Add(raw)
	}
	base := &url.URL{Scheme: "https", Host: "muster.example", Path: "/auth/callback"}
	f.Fuzz(func(t *testing.T, raw string) {
		got := ReturnPath(raw)
		to, err := base.Parse(strings.ReplaceAll(got, `\`, "/"))
		if err != nil || to.Host != base.Host || to.Scheme != "https" || to.User != nil || !strings.HasPrefix(to.Path, "/") {
			t.Fatalf("ReturnPath(%q) = %q leads to %v, %v", raw, got, to, err)
		}
		if strings.HasPrefix(got, "//") || strings.ContainsAny(got, "\\\r\n\t\x00") || len(got) > maxReturnPath {
			t.Fatalf("ReturnPath(%q) = %q", raw, got)
		}
		if again := ReturnPath(got); again != got {
			t.Fatalf("ReturnPath(%q) = %q, then %q", raw, got, again)
		}
	})
}
