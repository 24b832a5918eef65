// Package api is what programs call: REST, the OAuth endpoints and the documents
// that describe both. Bodies and queries are read strictly, and every fault of a
// request is reported at once. The server writes the errors.
//
// Start with registration_tokens.go, auth_tokens.go, redeem.go and
// oauth_token.go; object.go and request.go read requests.
package api
