package gallery

import (
	"context"
	"strings"
	"time"

	"muster/models"
	"muster/views/layout"
	"muster/views/telling"
	"muster/views/ui"
	"muster/views/visitor"
)

func visitorFixtures() []Page {
	redeem := visitor.RedeemPage{Page: publicPage("Redeem"), Now: now}
	invalid := redeem
	invalid.Form = visitor.RedeemForm{RegistrationToken: Secret, Claimed: models.ClaimedIdentity{FQDN: "laptop 17"}}
	invalid.Errors = ui.FieldErrors{"systemUserName": "Give your user name or the name of this computer; at least one of them is needed."}
	good := redeem
	good.Result = &visitor.RedeemResult{
		AuthToken:    viewer.AuthToken(&models.AuthToken{ID: authID, ClaimedIdentity: models.ClaimedIdentity{SystemUserName: rtlName, FQDN: "laptop-17.example.com"}}),
		AccessToken:  models.Secret("eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9." + strings.Repeat("eyJzdWIi", 60)),
		RefreshToken: "mrf_01jxn4c7d9f1g3h5j7k9m1n3p5q5b7d9f1h3k5n7r9t1w3y5z7a2c4e6gk8m0p2", AccessExpiresAt: now.Add(15 * time.Minute),
	}
	seen, again := redeem, good
	seen.Seen = true
	again.Result = new(*good.Result)
	again.Result.Replayed = true
	refusal := func(facts models.Refusal, support string) visitor.RedeemPage {
		p := redeem
		p.Refusal = &visitor.RedeemRefusal{Explanation: telling.Explain(context.Background(), now, facts), Code: facts.Reason, SupportCode: support}
		return p
	}
	signedIn := redeem
	signedIn.DevMode, signedIn.VendorName, signedIn.Actor = false, "", &layout.Actor{Name: "Uma User"}
	return []Page{
		{"home", visitor.Home(layout.Page{DevMode: true})},
		{"signed-out", visitor.SignedOut(visitor.SignedOutPage{Page: layout.Page{DevMode: true}})},
		{"signed-out-only-here", visitor.SignedOut(visitor.SignedOutPage{OnlyHere: true})},
		{"onward", visitor.Onward(layout.Page{}, "onward.in")},
		{"redeem", visitor.Redeem(redeem)},
		{"redeem-signed-in", visitor.Redeem(signedIn)},
		{"redeem-invalid", visitor.Redeem(invalid)},
		{"redeem-result", visitor.Redeem(good)},
		{"redeem-again", visitor.Redeem(again)},
		{"redeem-seen", visitor.Redeem(seen)},
		{"redeem-exhausted", visitor.Redeem(refusal(models.Refusal{Reason: models.CodeRegistrationTokenExhausted, Count: 3, LastRedeemedAt: &aWeekAgo}, "K7Q4-M2QX"))},
		{"redeem-expired", visitor.Redeem(refusal(models.Refusal{Reason: models.CodeRegistrationTokenExpired, At: aWeekAgo}, "9C3T-0VWA"))},
		{"redeem-unknown", visitor.Redeem(refusal(models.Refusal{Reason: models.CodeRegistrationTokenMistyped}, ""))},
	}
}

func myFixtures() []Page {
	page := layout.Page{Title: "Your auth tokens", Current: layout.NavMy, Actor: &layout.Actor{Name: "Uma User"}}
	empty := visitor.MyPage{Page: page, Now: now}
	full := empty
	full.Actor = &layout.Actor{Name: "Uma User", CanSeeRegistrationTokens: true}
	full.Paging = ui.Paging{NextURL: "/my?page=abc"}
	for i := range people {
		full.Rows = append(full.Rows, heldToken(i, func(t *models.AuthToken) {
			if t.DeletedAt != nil {
				t.DeletedBy = longName
			}
		}))
	}
	ask := visitor.MyDeletePage{Page: page, AuthToken: full.Rows[0], AccessTokenTTL: 15 * time.Minute}
	invalid := ask
	invalid.Errors = ui.FieldErrors{"reason": "The reason has 501 characters; at most 500 are allowed."}
	gone := ask
	gone.AuthToken = full.Rows[4]
	settings := visitor.SettingsPage{Page: page, BrowsersZone: "Europe/Berlin", Now: now, Chosen: models.Preferences{Zone: "Asia/Calcutta", Rows: 25}}
	wrong := settings
	wrong.Errors = ui.FieldErrors{"zone": "There is no such time zone."}
	return []Page{
		{"settings", visitor.Settings(settings)},
		{"settings-invalid", visitor.Settings(wrong)},
		{"my-empty", visitor.My(empty)},
		{"my-many", visitor.My(full)},
		{"my-delete", visitor.MyDelete(ask)},
		{"my-delete-invalid", visitor.MyDelete(invalid)},
		{"my-deleted", visitor.MyDelete(gone)},
	}
}
