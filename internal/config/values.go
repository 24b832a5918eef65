package config

import (
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"muster/internal/claim"
	"muster/models"
)

// text is a text that is not checked.
func text(at *string, placeholder string) value {
	return value{placeholder, func(in input) { *at = in.text }, func() string { return *at }}
}

// shownText is a text shown on pages, of at most limit characters.
func shownText(at *string, limit int) value {
	return value{"TEXT", func(in input) {
		if f := models.CheckText(in.variable, in.text, limit, false); f != nil {
			in.wrong("%s Shorten or correct it.", f.Message)
			return
		}
		*at = in.text
	}, func() string { return *at }}
}

// hostPort is an address to listen on; with --dev it must be loopback.
func hostPort(at *string, dev bool) value {
	return value{"HOST:PORT", func(in input) {
		host, port, err := net.SplitHostPort(in.text)
		if err == nil {
			_, err = strconv.ParseUint(port, 10, 16)
		}
		switch {
		case err != nil:
			in.wrong("%s is %q, which is not host:port; write it like 127.0.0.1:8080.", in.variable, in.text)
		case dev && !IsLoopbackHost(host):
			in.wrong("%s is %q, and --dev listens on loopback only; use 127.0.0.1, ::1 or localhost, or leave --dev out.", in.variable, in.text)
		default:
			*at = in.text
		}
	}, func() string { return *at }}
}

// fields splits a list at commas and white space.
func fields(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
}

// claimPath leads to a claim of the login provider.
func claimPath(at *string) value {
	return value{"CLAIM", func(in input) {
		if inner := wrapped.FindStringSubmatch(in.text); inner != nil {
			in.text = strings.TrimSpace(inner[1] + inner[2])
		}
		path, err := claim.ParsePath(in.text)
		if err != nil {
			in.wrong("%s %v.", in.variable, err)
			return
		}
		*at = path.String()
	}, func() string { return *at }}
}

// scopes is the list of scopes that a login asks for.
func scopes(at *[]string) value {
	return value{"LIST", func(in input) {
		*at = fields(in.text)
		if !slices.Contains(*at, "openid") {
			in.wrong("%s must contain openid, or no login can work; add it.", in.variable)
		}
	}, func() string { return strings.Join(*at, ",") }}
}

// clients is a list of names of clients, which have no space.
func clients(at *[]string) value {
	return value{"LIST", func(in input) { *at = fields(in.text) }, func() string { return strings.Join(*at, ",") }}
}

func networks(at *[]netip.Prefix) value {
	return value{"LIST", func(in input) {
		for _, v := range fields(in.text) {
			p, err := netip.ParsePrefix(v)
			switch {
			case err != nil:
				in.wrong("%s holds %q, which is not a network in CIDR form; write it like 10.0.0.0/8, or 10.1.2.3/32 for one address.", in.variable, v)
			case p.Bits() == 0:
				in.wrong("%s holds %q, which trusts everybody to say where they come from; name the proxy's own network.", in.variable, v)
			default:
				*at = append(*at, p.Masked())
			}
		}
	}, func() string {
		shown := make([]string, 0, len(*at))
		for _, p := range *at {
			shown = append(shown, p.String())
		}
		return strings.Join(shown, ",")
	}}
}

func duration(at *time.Duration, least, most time.Duration) value {
	return value{"DURATION", func(in input) {
		d, err := ParseDuration(in.text)
		switch {
		case err != nil:
			in.wrong("%s is %q, which is not a duration; write it like 90d, 12h or 15m.", in.variable, in.text)
		case d < least || d > most:
			in.wrong("%s is %s and must be between %s and %s; choose a value in that range.", in.variable, in.text, FormatDuration(least), FormatDuration(most))
		default:
			*at = d
		}
	}, func() string { return FormatDuration(*at) }}
}

// choice is one of several words.
func choice(at *string, words ...string) value {
	last := len(words) - 1
	return value{strings.ToUpper(strings.Join(words, "|")), func(in input) {
		if !slices.Contains(words, in.text) {
			in.wrong("%s is %q; choose %s or %s.", in.variable, in.text, strings.Join(words[:last], ", "), words[last])
			return
		}
		*at = in.text
	}, func() string { return *at }}
}

func number(at *int, least, most int) value {
	return value{"NUMBER", func(in input) {
		n, err := strconv.Atoi(in.text)
		switch {
		case err != nil:
			in.wrong("%s is %q, which is not a whole number; write it like %d.", in.variable, in.text, least)
		case n < least || n > most:
			in.wrong("%s is %d and must be between %d and %d; choose a value in that range.", in.variable, n, least, most)
		default:
			*at = n
		}
	}, func() string { return strconv.Itoa(*at) }}
}
