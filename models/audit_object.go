package models

// The kinds of object that an event can be about.
const (
	ObjectRegistrationToken = "registration_token"
	ObjectAuthToken         = "auth_token"
	ObjectRefusedAttempt    = "refused_attempt" // its id is the support code
	ObjectRequest           = "request"
	ObjectAPIKey            = "api_key"
	ObjectSigningKey        = "signing_key"
	ObjectRoute             = "route"
	ObjectList              = "list"
)
