package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"muster/models"
)

// loader reads settings one by one and collects what is wrong with them.
type loader struct {
	env      Environment
	problems Problems
}

func (l *loader) err() error {
	if len(l.problems.Wrong)+len(l.problems.Missing) == 0 {
		return nil
	}
	return &l.problems
}

func (l *loader) wrong(format string, args ...any) {
	l.problems.Wrong = append(l.problems.Wrong, fmt.Sprintf(format, args...))
}

func (l *loader) need(variable, value, fix string) {
	if value == "" && !l.mentioned(variable) {
		l.problems.Missing = append(l.problems.Missing, variable+" is not set; "+fix+".")
	}
}

// mentioned tells that a problem of the variable is listed already, so that
// one mistake is not told twice.
func (l *loader) mentioned(variable string) bool {
	return slices.ContainsFunc(l.problems.Wrong, func(p string) bool { return strings.HasPrefix(p, variable) })
}

// text returns the flag, the variable or the default, in that order. An
// empty variable counts as not set, as compose files and charts write it.
func (l *loader) text(variable, flag, otherwise string) string {
	if flag != "" {
		return strings.TrimSpace(flag)
	}
	if v, ok := l.env.Lookup(variable); ok && strings.TrimSpace(v) != "" {
		return strings.TrimSpace(v)
	}
	return otherwise
}

// shownText reads a text that pages show to people.
func (l *loader) shownText(variable, flag string, limit int) string {
	v := l.text(variable, flag, "")
	if f := models.CheckText(variable, v, limit, false); f != nil {
		l.wrong("%s Shorten or correct it.", f.Message)
	}
	return v
}

func (l *loader) isSet(variable, flag string) bool { return l.text(variable, flag, "") != "" }

// list splits at commas and blanks.
func (l *loader) list(variable, flag, otherwise string) []string {
	return strings.FieldsFunc(l.text(variable, flag, otherwise), func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
}

func (l *loader) hostPort(variable, flag, otherwise string) string {
	v := l.text(variable, flag, otherwise)
	if v == "" {
		return ""
	}
	_, port, err := net.SplitHostPort(v)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		l.wrong("%s is %q, which is not host:port; write it like %s.", variable, v, defaultListen)
		return ""
	}
	return v
}

func (l *loader) baseURL(variable, flag string) string {
	v := l.text(variable, flag, "")
	if v == "" {
		return ""
	}
	u, err := url.Parse(v)
	switch {
	case err != nil || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https") || !isPort(u.Port()):
		l.wrong("%s is %q, which is not an address; write it like https://muster.example.com.", variable, displayURL(v))
	case u.User != nil:
		l.wrong("%s must not hold a user name or password; leave them out.", variable)
	case strings.TrimRight(u.Path, "/") != "" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		l.wrong("%s is %q and must have no path, query or fragment: Muster owns a whole host name; use %s://%s.", variable, displayURL(v), u.Scheme, u.Host)
	case u.Scheme == "http" && !IsLoopbackHost(u.Hostname()):
		l.wrong("%s is %q: tokens must not travel in clear; use https://%s (TLS may end at a proxy).", variable, displayURL(v), u.Host)
	default:
		return origin(u.Scheme, u.Hostname(), u.Port())
	}
	return ""
}

// isPort reports whether a URL may hold it; empty is the scheme's own.
func isPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil && n > 0
}

// origin writes scheme, host and port the way browsers do, in small letters
// and without the port the scheme implies: what they send is compared with it.
func origin(scheme, host, port string) string {
	host = strings.ToLower(host)
	port = strings.TrimLeft(port, "0")
	if port == "" || scheme == "http" && port == "80" || scheme == "https" && port == "443" {
		if strings.Contains(host, ":") {
			host = "[" + host + "]"
		}
		return scheme + "://" + host
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

// issuer keeps the text as it is: providers compare it to the last slash.
func (l *loader) issuer(variable, flag string) string {
	v := l.text(variable, flag, "")
	if v == "" {
		return ""
	}
	u, err := url.Parse(v)
	switch {
	case err != nil || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https"):
		l.wrong("%s is %q, which is not an address; copy the issuer from the provider's discovery document.", variable, displayURL(v))
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		l.wrong("%s must have no user name, query or fragment; copy the issuer from the provider's discovery document.", variable)
	case u.Scheme == "http" && !IsLoopbackHost(u.Hostname()):
		l.wrong("%s is %q: a login over http can be forged; use the provider's https address.", variable, displayURL(v))
	default:
		return v
	}
	return ""
}

func (l *loader) networks(variable, flag string) []netip.Prefix {
	var networks []netip.Prefix
	for _, v := range l.list(variable, flag, "") {
		p, err := netip.ParsePrefix(v)
		switch {
		case err != nil:
			l.wrong("%s holds %q, which is not a network in CIDR form; write it like 10.0.0.0/8, or 10.1.2.3/32 for one address.", variable, v)
		case p.Bits() == 0:
			l.wrong("%s holds %q, which believes everybody's X-Forwarded-For; name the proxy's own network.", variable, v)
		default:
			networks = append(networks, p.Masked())
		}
	}
	return networks
}

func (l *loader) duration(variable, flag, otherwise string, least, most time.Duration) time.Duration {
	v := l.text(variable, flag, otherwise)
	d, err := ParseDuration(v)
	switch {
	case err != nil:
		l.wrong("%s is %q, which is not a duration; write it like 90d, 12h or 15m.", variable, v)
	case d < least || d > most:
		l.wrong("%s is %s and must lie between %s and %s; choose a value in between.", variable, v, FormatDuration(least), FormatDuration(most))
	default:
		return d
	}
	d, _ = ParseDuration(otherwise)
	return d
}

// databaseURL returns the URL and whether it is the default one.
func (l *loader) databaseURL(f DatabaseFlags) (models.Secret, bool) {
	const variable = "MUSTER_DATABASE_URL"
	v := f.DatabaseURL
	if v == "" {
		v = l.secret(variable).Reveal()
	}
	if v == "" {
		return models.Secret("sqlite://" + filepath.Join(l.env.Dir, "data", "muster.db")), !l.mentioned(variable)
	}
	u, err := url.Parse(v)
	if err != nil {
		// The parser's words would repeat the URL, and so a password.
		l.wrong("%s is not a URL; write it like sqlite:///abs/path.db or postgres://user@host/name.", variable)
		return models.Secret(v), false
	}
	switch u.Scheme {
	case "sqlite":
		switch {
		case u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasSuffix(u.Path, "/"):
			l.wrong("%s needs the absolute path of a file, and so three slashes; write it like sqlite:///var/lib/muster/muster.db.", variable)
		case u.RawQuery != "" || u.Fragment != "":
			l.wrong("%s must have no query or fragment for SQLite: Muster sets its own options; leave them out.", variable)
		}
	case "postgres", "postgresql":
		_, hasPassword := u.User.Password()
		switch {
		case u.Host == "" && u.Query().Get("host") == "":
			l.wrong("%s names no host; write it like postgres://user@host/name.", variable)
		case strings.Trim(u.Path, "/") == "" && u.Query().Get("dbname") == "":
			l.wrong("%s names no database; write it like postgres://user@host/name.", variable)
		case f.DatabaseURL != "" && (hasPassword || u.Query().Has("password")):
			l.wrong("%s holds a password and was given as a flag, which every user of the machine can read; set the variable or %s_FILE instead.", variable, variable)
		}
	default:
		l.wrong("%s must begin with sqlite:/// or postgres://; change it to one of them.", variable)
	}
	return models.Secret(v), false
}

// IsLoopbackHost reports whether a host name, without port, means this
// machine only. Names other than localhost are not looked up.
func IsLoopbackHost(host string) bool {
	host = strings.ToLower(strings.Trim(host, "[]"))
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

func splitHost(hostPort string) (string, bool) {
	host, _, err := net.SplitHostPort(hostPort)
	return host, err == nil
}

// displayURL is v fit for a problem sentence: no password in it.
func displayURL(v string) string {
	u, err := url.Parse(v)
	if err != nil || u.User != nil {
		return "…"
	}
	return v
}
