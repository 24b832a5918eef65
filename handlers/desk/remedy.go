package desk

import (
	"muster/views/paths"
	"muster/views/telling"
)

// remedyURL is where a remedy is carried out on a registration token; its page
// for those that have no form of their own.
func remedyURL(kind telling.RemedyKind, registrationTokenID string) string {
	switch kind {
	case telling.RemedyRaise, telling.RemedyExtend:
		return paths.RegistrationTokenEdit(registrationTokenID)
	case telling.RemedyReplace:
		return paths.RegistrationTokenReplace(registrationTokenID)
	default:
		return paths.RegistrationToken(registrationTokenID)
	}
}
