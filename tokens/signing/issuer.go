package signing

import (
	"fmt"
	"net/url"
	"strings"
)

// CheckIssuer says why an address cannot be the iss of access tokens.
func CheckIssuer(issuer string) error {
	u, err := url.Parse(issuer)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return fmt.Errorf("the issuer must be an http or https URL, not %q", issuer)
	}
	if strings.HasSuffix(issuer, "/") || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("the issuer %q must have no trailing slash, query or fragment", issuer)
	}
	return nil
}
