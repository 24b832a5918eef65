// Package api is what programs call: REST, the OAuth endpoints and the
// documents that describe both. Bodies and queries are read strictly, and every
// fault of a request is named at once. How a refusal looks on the wire is the
// server's concern.
//
// It imports handlers/web, seen, tokens, models and views/paths. Start with
// registration_tokens.go, auth_tokens.go, redeem.go and oauth_token.go;
// object.go and request.go read, registration_token_json.go and
// auth_token_json.go are what is answered, claimed.go lists what devices report.
package api
