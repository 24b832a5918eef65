package config

import (
	"net/http"
	"regexp"
)

var (
	// headerName is a token (RFC 9110 section 5.6.2).
	headerName = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")
	// otherMeaning are headers that RFC 9110 or this program uses for something
	// else. Trusting one would let all clients choose the address they come from.
	otherMeaning = regexp.MustCompile(`(?i)^(?:host|from|via|date|origin|referer|user-agent|authorization|proxy-(?:auth.*|connection)|(?:set-)?cookie|` +
		`connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|range|max-forwards|pragma|cache-control|` +
		`x-forwarded-(?:host|port|prefix|proto|scheme|server)|x-request-id|idempotency-key|last-event-id|(?:accept|content|if|sec|hx|access-control)(?:-.*)?)$`)
)

// forwardedHeader is the canonical name of the header in which proxies say
// where a request comes from.
func forwardedHeader(at *string) value {
	return value{"NAME", func(in input) {
		switch {
		case !headerName.MatchString(in.text):
			in.wrong("%s is %q, which is not the name of one header; write it like X-Forwarded-For, Forwarded or X-Real-IP.", in.variable, in.text)
		case otherMeaning.MatchString(in.text):
			in.wrong("%s is %q, which holds no address; name the header that your proxy sets, such as X-Forwarded-For, Forwarded or X-Real-IP.", in.variable, in.text)
		default:
			*at = http.CanonicalHeaderKey(in.text)
		}
	}, func() string { return *at }}
}
