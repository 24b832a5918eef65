package api

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/tokens/secrets"
)

// introspection is the answer of RFC 7662 section 2.2.
type introspection struct {
	Active    bool   `json:"active"`
	TokenType string `json:"token_type,omitempty"`
	Subject   string `json:"sub,omitempty"`
	ClientID  string `json:"client_id,omitempty"`
	Issuer    string `json:"iss,omitempty"`
	Audience  string `json:"aud,omitempty"`
	Customer  string `json:"customer,omitempty"`
	JTI       string `json:"jti,omitempty"`
	ExpiresAt int64  `json:"exp,omitempty"`
	IssuedAt  int64  `json:"iat,omitempty"`
	// What the device reported proves nothing (rule 15): there is no username, which
	// resource servers take for who it is.
	Claimed  map[string]string     `json:"claimed_identity,omitempty"`
	Verified *verifiedIntrospected `json:"verified_identity,omitempty"`
}

// verifiedIntrospected is who redeemed while signed in.
type verifiedIntrospected struct {
	Issuer  string `json:"issuer"`
	Subject string `json:"subject"`
	Email   string `json:"email,omitempty"`
}

// claimedIntrospected are the fields of a claimed identity under the names by which the
// token endpoint takes them, and what they are worth.
func claimedIntrospected(c models.ClaimedIdentity) map[string]string {
	claimed := map[string]string{"label": "reported by the device"}
	for _, field := range models.ClaimedFields {
		if value := *field.Of(&c); value != "" && field.OAuthName != "" {
			claimed[field.OAuthName] = value
		}
	}
	return claimed
}

// Introspect says to a resource server what a token is worth right now, and
// nothing more about one that is worth nothing.
func (h *OAuth) Introspect(c echo.Context) error {
	form, malformed := readForm(c)
	actor, err := h.authenticateIntrospector(c, form)
	if err != nil {
		return err
	}
	web.SetActor(c, actor)
	if malformed != nil {
		return malformed
	}
	token, err := form.required("token")
	if err != nil {
		return err
	}
	found, err := h.Tokens.Introspect(c.Request().Context(), actor, models.Secret(token), form.Get("token_type_hint"))
	if err != nil {
		return err
	}
	if !found.Active {
		if found.Guess {
			if err := h.Guess(c.RealIP()); err != nil {
				return err
			}
		}
		return answer(c, http.StatusOK, introspection{})
	}
	tokenType := found.TokenType
	if tokenType == "access_token" {
		// RFC 7662 means the type of RFC 6749 section 5.1. A refresh token keeps
		// its own type, so that nobody takes it for a bearer token.
		tokenType = "Bearer"
	}
	holder := web.Viewer(c).Identity(found.Holder)
	said := introspection{
		Active: true, TokenType: tokenType, Subject: found.Subject, ClientID: found.ClientID,
		Issuer: found.Issuer, Audience: found.Audience, Customer: found.Customer, JTI: found.JTI,
		ExpiresAt: found.ExpiresAt.Unix(), IssuedAt: found.IssuedAt.Unix(),
		Claimed: claimedIntrospected(holder.Claimed),
	}
	if v := holder.Verified; !v.IsZero() {
		said.Verified = &verifiedIntrospected{v.Issuer, v.Subject, v.Email}
	}
	return answer(c, http.StatusOK, said)
}

// authenticateIntrospector authenticates the API key and checks its permission.
func (h *OAuth) authenticateIntrospector(c echo.Context, form oauthForm) (models.Actor, error) {
	key, err := introspectorKey(c, form)
	if err != nil {
		return models.Actor{}, err
	}
	actor, err := h.Tokens.AuthenticateAPIKey(c.Request().Context(), key, web.Origin(c, models.ChannelOAuth))
	if err != nil {
		return models.Actor{}, h.Guess.Judge(c, err)
	}
	if id := form.Get("client_id"); id != "" && !strings.EqualFold(id, actor.ID) {
		return models.Actor{}, models.Unauthenticated("The parameter client_id is not the public id of the API key.")
	}
	return actor, actor.Require(models.PermissionIntrospect)
}

// introspectorKey reads the API key from Bearer, or beside its public id from Basic or
// the form (RFC 6749 section 2.3.1). Two credentials at once are refused (RFC 6750
// section 2).
func introspectorKey(c echo.Context, form oauthForm) (models.Secret, error) {
	if err := web.OneCredential(c); err != nil {
		return "", err
	}
	for _, name := range []string{web.AccessTokenParameter, "client_secret", "client_assertion"} {
		if form.Get(name) != "" && c.Request().Header.Get(echo.HeaderAuthorization) != "" {
			return "", web.TwoCredentials()
		}
	}
	if key := form.Get("client_secret"); key != "" {
		return keyOf(form.Get("client_id"), key, "The parameters client_id and client_secret take the API key's public id and the API key.")
	}
	scheme, credential, ok := web.Credential(c, "bearer", "basic")
	switch {
	case !ok:
		return "", models.Unauthenticated("This call needs an API key with the scope introspect.")
	case scheme == "basic":
		id, key, _ := basicPair(credential)
		return keyOf(id, key, "HTTP Basic takes the API key's public id as user name and the API key as password.")
	default:
		return models.Secret(credential), nil
	}
}

// keyOf is the API key, if the public id is its own; else what is taken is said.
func keyOf(id, key, takes string) (models.Secret, error) {
	parsed, err := secrets.Parse(secrets.APIKey, key)
	if err != nil || !strings.EqualFold(parsed.ID, id) {
		return "", models.Unauthenticated(takes)
	}
	return models.Secret(key), nil
}

// Revoke ends the auth token that a token belongs to (RFC 7009). An unknown token
// succeeds: it is already invalid.
func (h *OAuth) Revoke(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	if err := checkClient(c, form); err != nil {
		return err
	}
	token, err := form.required("token")
	if err != nil {
		return err
	}
	guess, err := h.Tokens.Revoke(c.Request().Context(), models.Secret(token), web.Origin(c, models.ChannelOAuth))
	if err != nil {
		return err
	}
	if guess {
		if err := h.Guess(c.RealIP()); err != nil {
			return err
		}
	}
	web.NoStore(c)
	return c.NoContent(http.StatusOK)
}
