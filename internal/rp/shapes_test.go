package rp_test

import (
	"maps"
	"testing"

	"muster/internal/rp"
	"muster/internal/rp/rptest"
	"muster/models"
)

const (
	entraClient = "0d7f7f4c-66d6-4ea4-9a2c-1b2a3c4d5e6f"
	cognito     = "7k3example4client"
)

// shape is an access token, or a near miss, as a provider sends it; issuer, subject and
// times are added. refused is part of the reason, empty where it is accepted.
type shape struct {
	typ     string // header; none when empty
	claims  object
	role    string // claim
	clients []string
	refused string
}

func entra(claims object) object {
	all := object{
		"aud": rptest.Audience, "azp": entraClient, "azpacr": "1", "oid": "o", "rh": "r", "roles": []string{"admin"},
		"tid": "t", "uti": "u", "ver": "2.0", "aio": "a",
	}
	maps.Copy(all, claims)
	return all
}

func cognitoMachine(claims object) object {
	all := object{
		"client_id": cognito, "token_use": "access", "scope": "muster/api", "auth_time": 1, "version": 2, "jti": "j", "cognito:groups": []string{"admin"},
	}
	maps.Copy(all, claims)
	return all
}

func keycloak(claims object) object {
	all := object{
		"aud": []string{rptest.Audience, "account"}, "azp": "robot", "typ": "Bearer", "sid": "s", "acr": "1", "scope": "openid",
		"allowed-origins": []string{"/*"}, "realm_access": object{"roles": []string{"offline_access", "admin"}},
	}
	maps.Copy(all, claims)
	return all
}

// The access tokens that providers really send, and what is nearly one.
func TestVerifyAccessToken_TheShapesOfProviders(t *testing.T) {
	t.Parallel()
	const auth0Roles, zitadelRoles = "https://example.com/roles", "urn:zitadel:iam:org:project:roles"
	auth0 := object{
		"aud": rptest.Audience, "azp": "auth0client", "gty": "client-credentials", "permissions": []string{}, auth0Roles: []string{"admin"},
	}
	zitadel := object{
		"aud": []string{"111@muster", rptest.Audience}, "client_id": "111@muster", "nbf": 1, "jti": "j", zitadelRoles: object{"admin": object{"9": "acme.example"}},
	}
	hydra := object{"aud": []string{rptest.Audience}, "client_id": "robot", "scp": []string{}, "nbf": 1, "jti": "j", "ext": object{"groups": []string{"admin"}}}
	okta := object{"aud": rptest.Audience, "cid": "0oa1", "uid": "00u1", "scp": []string{"muster"}, "ver": 1, "jti": "AT.1", "groups": []string{"admin"}}
	with := func(base object, changes object) object {
		all := maps.Clone(base)
		maps.Copy(all, changes)
		return all
	}
	for name, c := range map[string]shape{
		"Entra v2 app-only":                           {"JWT", entra(nil), "roles", nil, ""},
		"Entra v2 of a person":                        {"JWT", entra(object{"scp": "access_as_user"}), "roles", nil, ""},
		"Entra v1 app":                                {"JWT", entra(object{"azp": nil, "appid": entraClient, "appidacr": "1", "ver": "1.0"}), "roles", nil, ""},
		"Entra, our client as audience, listed":       {"JWT", entra(object{"aud": rptest.ClientID}), "roles", []string{entraClient}, ""},
		"Entra, our client as audience, not listed":   {"JWT", entra(object{"aud": rptest.ClientID}), "roles", nil, "not listed"},
		"Entra, our client as audience, another list": {"JWT", entra(object{"aud": rptest.ClientID}), "roles", []string{"other"}, "not listed"},
		"Entra, same tenant, another API":             {"JWT", entra(object{"aud": "https://graph.microsoft.com"}), "roles", nil, "not MUSTER_OIDC_AUDIENCE"},
		"Entra, listed client, another API":           {"JWT", entra(object{"aud": "https://graph.microsoft.com"}), "roles", []string{entraClient}, "not MUSTER_OIDC_AUDIENCE"},
		"Entra, two clients, one listed":              {"JWT", entra(object{"aud": rptest.ClientID, "appid": "other"}), "roles", []string{entraClient}, "not listed"},
		"Entra ID token":                              {"JWT", object{"aud": rptest.ClientID, "nonce": "n", "roles": []string{"admin"}, "ver": "2.0", "tid": "t"}, "roles", []string{rptest.ClientID, entraClient}, "which client"},
		"Entra ID token of the API's own application": {"JWT", object{"aud": rptest.Audience, "roles": []string{"admin"}, "ver": "2.0", "tid": "t"}, "roles", nil, "told from an ID token"},

		"Auth0 machine":           {"JWT", auth0, auth0Roles, nil, ""},
		"Auth0 RFC 9068":          {"at+jwt", with(auth0, object{"client_id": "auth0client", "azp": nil}), auth0Roles, nil, ""},
		"Auth0 person":            {"JWT", with(auth0, object{"aud": []string{rptest.Audience, "https://t.example/userinfo"}, "scope": "openid"}), auth0Roles, nil, ""},
		"Auth0, another API":      {"JWT", with(auth0, object{"aud": "https://other.example"}), auth0Roles, []string{"auth0client"}, "not MUSTER_OIDC_AUDIENCE"},
		"Auth0 management API":    {"JWT", with(auth0, object{"aud": "https://t.example/api/v2/"}), auth0Roles, nil, "not MUSTER_OIDC_AUDIENCE"},
		"Auth0 ID token":          {"JWT", object{"aud": rptest.ClientID, "nonce": "n", "sid": "s", auth0Roles: []string{"admin"}}, auth0Roles, []string{rptest.ClientID}, "which client"},
		"OIDC ID token, azp":      {"JWT", object{"aud": rptest.ClientID, "azp": rptest.ClientID, "groups": []string{"admin"}}, "", []string{rptest.ClientID}, "told from an ID token"},
		"ID token for two":        {"JWT", object{"aud": []string{rptest.Audience, "web"}, "azp": "web", "groups": []string{"admin"}}, "", nil, "told from an ID token"},
		"ID token by at_hash":     {"JWT", object{"aud": rptest.Audience, "azp": "web", "at_hash": "h", "groups": []string{"admin"}}, "", nil, "ID or logout"},
		"marked ID token, at+jwt": {"at+jwt", object{"aud": rptest.Audience, "client_id": "web", "nonce": "n", "groups": []string{"admin"}}, "", nil, "ID or logout"},

		"Cognito machine, listed":      {"", cognitoMachine(nil), "cognito:groups", []string{cognito}, ""},
		"Cognito machine, not listed":  {"", cognitoMachine(nil), "cognito:groups", []string{"other"}, "not listed"},
		"Cognito machine, no list":     {"", cognitoMachine(nil), "cognito:groups", nil, "not listed"},
		"Cognito, another aud":         {"", cognitoMachine(object{"aud": "other"}), "cognito:groups", []string{cognito}, "not MUSTER_OIDC_AUDIENCE"},
		"Cognito, aud null":            {"", cognitoMachine(object{"aud": nil}), "cognito:groups", []string{cognito}, "no text and no list"},
		"Cognito, aud empty":           {"", cognitoMachine(object{"aud": []string{}}), "cognito:groups", []string{cognito}, "not MUSTER_OIDC_AUDIENCE"},
		"Cognito ID token":             {"", object{"aud": rptest.ClientID, "token_use": "id", "cognito:groups": []string{"admin"}}, "cognito:groups", []string{rptest.ClientID}, "which client"},
		"Cognito ID token, with a cid": {"", object{"token_use": "id", "client_id": cognito, "cognito:groups": []string{"admin"}}, "cognito:groups", []string{cognito}, "another kind"},
		"no aud and no client":         {"", cognitoMachine(object{"client_id": nil}), "cognito:groups", []string{cognito}, "which client"},

		"Keycloak with nonce":          {"JWT", keycloak(object{"nonce": "n"}), "realm_access.roles", nil, ""},
		"Keycloak service account":     {"JWT", keycloak(object{"client_id": "robot", "sid": nil}), "realm_access.roles", nil, ""},
		"Keycloak client with dots":    {"JWT", keycloak(object{"resource_access": object{"my.client": object{"roles": []string{"admin"}}}}), "resource_access.my.client.roles", nil, ""},
		"Keycloak without aud, listed": {"JWT", with(keycloak(nil), object{"aud": rptest.ClientID}), "realm_access.roles", []string{"robot"}, ""},
		"Keycloak, account only":       {"JWT", keycloak(object{"aud": "account"}), "realm_access.roles", []string{"robot"}, "not MUSTER_OIDC_AUDIENCE"},
		"Keycloak ID token":            {"JWT", keycloak(object{"typ": "ID"}), "realm_access.roles", nil, "another kind"},
		"Keycloak ID token with nonce": {"JWT", keycloak(object{"typ": "ID", "nonce": "n"}), "realm_access.roles", nil, "ID or logout"},
		"Keycloak, at_hash":            {"JWT", keycloak(object{"at_hash": "h"}), "realm_access.roles", nil, "ID or logout"},
		"Keycloak logout token":        {"JWT", keycloak(object{"typ": "Logout"}), "realm_access.roles", nil, "another kind"},

		"Hydra":              {"JWT", hydra, "", nil, ""},
		"Hydra, nested":      {"JWT", with(hydra, object{"ext": object{"a": object{"b.c": "admin"}}}), "a.b.c", nil, ""},
		"Hydra, no audience": {"JWT", with(hydra, object{"aud": []string{}}), "", []string{"robot"}, "not MUSTER_OIDC_AUDIENCE"},
		"Zitadel":            {"JWT", zitadel, zitadelRoles, nil, ""},
		"Zitadel ID token":   {"JWT", with(zitadel, object{"azp": "111@muster", "amr": []string{"pwd"}, "sid": "s"}), zitadelRoles, nil, "told from an ID token"},
		"Okta":               {"", okta, "", nil, ""},
		"Okta, another API":  {"", with(okta, object{"aud": "api://default"}), "", []string{"0oa1"}, "not MUSTER_OIDC_AUDIENCE"},
		"Okta ID token":      {"", object{"aud": rptest.ClientID, "ver": 1, "amr": []string{"pwd"}, "idp": "0", "groups": []string{"admin"}}, "", []string{rptest.ClientID}, "which client"},
		"Google ID token":    {"JWT", object{"aud": rptest.ClientID, "azp": rptest.ClientID, "hd": "example.com", "at_hash": "h", "groups": []string{"admin"}}, "", []string{rptest.ClientID}, "ID or logout"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, func(cfg *rp.Config) { cfg.RoleClaim, cfg.APIClients = c.role, c.clients })
			who, err := s.provider.VerifyAccessToken(t.Context(), s.idp.AccessToken(func(h, all map[string]any) {
				now := s.clock.Now().Unix()
				clear(all)
				maps.Copy(all, object{"iss": s.idp.URL, "sub": "machine", "iat": now, "exp": now + 300})
				for claim, value := range c.claims {
					if all[claim] = value; value == nil && name != "Cognito, aud null" {
						delete(all, claim)
					}
				}
				if h["typ"] = c.typ; c.typ == "" {
					delete(h, "typ")
				}
			}))
			if c.refused != "" {
				mustFail(t, who, err, models.KindUnauthenticated, c.refused)
				return
			}
			if err != nil || who.Role != models.RoleAdmin {
				t.Errorf("%+v, %v", who, err)
			}
		})
	}
}
