// Package idp is the development OIDC provider behind "serve --dev": three
// accounts whose password is their name, on the same listener as the portal.
// To the portal it is a provider like any other: logins use the same code as in
// production. It refuses every address but loopback.
//
// Its paths are those of Keycloak, so that scripts written against one work
// against the other. It imports nothing of this repository.
package idp
