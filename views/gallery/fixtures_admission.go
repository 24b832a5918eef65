package gallery

import (
	"muster/views"
	"muster/views/layout"
	"muster/views/ui"
)

// admissionFixture is the form of who may redeem with a mistake in it.
func admissionFixture() views.AdmissionPage {
	return views.AdmissionPage{
		Page: detailPage("Who may redeem", layout.NavRegistrationTokens, "Registration tokens"), Identifier: "Rollout Berlin", Listed: 3, Shown: true,
		Form:   views.AdmissionForm{Mode: "replace", Expected: "ana\nada@example.com;Ada\n@", OnlyExpected: "true", Networks: "192.0.2.0/24"},
		Errors: ui.FieldErrors{"expected": "Line 3 (“@”): “@” is no e-mail address."}, Action: "/a", CancelURL: "/c",
	}
}
