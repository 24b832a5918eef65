package api

import (
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/tokens"
)

// checkClient refuses a client that is not the one there is: [tokens.ClientID], which has
// no secret and need not say who it is. What authenticates a device is its own token.
func checkClient(c echo.Context, form oauthForm) error {
	if err := web.OneCredential(c); err != nil {
		return err
	}
	id, secret := form.Get("client_id"), form.Get("client_secret")+form.Get("client_assertion")
	if _, credential, ok := web.Credential(c, "basic"); ok {
		basicID, basicSecret, ok := basicPair(credential)
		if !ok || id != "" && id != basicID {
			return unknownClient()
		}
		id, secret = basicID, secret+basicSecret
	}
	if id != "" && id != tokens.ClientID || secret != "" {
		return unknownClient()
	}
	return nil
}

// unknownClient is the invalid_client of RFC 6749 section 5.2.
func unknownClient() error {
	refused := models.Unauthenticated("There is no such client, or it has no secret.")
	refused.NextStep = "Send the client_id " + tokens.ClientID + " without a client secret, or leave both out."
	return refused
}

// basicPair reads user name and password of HTTP Basic, which RFC 6749 section 2.3.1
// wants form-encoded.
func basicPair(credential string) (id, secret string, ok bool) {
	pair, err := base64.StdEncoding.DecodeString(credential)
	if err != nil {
		return "", "", false
	}
	id, secret, _ = strings.Cut(string(pair), ":")
	id, errID := url.QueryUnescape(id)
	secret, errSecret := url.QueryUnescape(secret)
	return id, secret, errID == nil && errSecret == nil
}
