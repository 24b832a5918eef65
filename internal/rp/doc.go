// Package rp is Muster's OIDC relying party: it sends a browser to the login
// provider, checks what comes back, and verifies the provider's access tokens on
// REST. It uses go-oidc and x/oauth2, and adds the checks they leave to their caller.
// It imports models and nothing else of this repository.
//
// Start reading at [Provider]. Every remote read is bounded in time and size
// (transport.go), discovery happens when it is first needed (discovery.go), and
// the provider's keys are fetched at a limited rate (keyset.go).
package rp
