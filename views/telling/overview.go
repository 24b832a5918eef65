package telling

import (
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/ui"
)

// Attention is why a registration token needs attention, and what to do.
type Attention struct {
	// Sentence follows the label and ends with Since.
	Sentence string
	Since    ui.Moment
	Remedy   Remedy
	// Claims is true when it is about e-mail entries that claims meet: its expected
	// list is where they are settled.
	Claims bool
}

// AttentionOf says why a registration token needs attention, for somebody who may
// act on it, or may only open it. What mends one that is (nearly) used up is for
// its verdict to say.
func AttentionOf(a *seen.Attention, now time.Time, mayAct bool) Attention {
	left, count := ui.Number(a.RemainingCount()), ui.Number(a.Count)
	turnedAway := ", and " + plural(a.Refused, "attempt") + " " + agree(a.Refused, "was", "were") + " turned away, the first"
	told := Attention{Since: ui.MomentOf(a.RefusedSince, now), Remedy: Remedy{Kind: models.RemedyNone, Action: "See why"}}
	switch status := a.Status(now); {
	case a.ByClaim > 0 && status != models.StatusExpired && (status != models.StatusExhausted || a.Refused == 0):
		told.Sentence, told.Since, told.Claims = byClaim(a.ByClaim), ui.Moment{}, true
		told.Remedy.Action = "Decide…"
	case status == models.StatusExpired:
		told.Sentence = "expired with " + left + " of " + count + " unused" + turnedAway
		told.Remedy = Remedy{Kind: models.RemedyReplace, Action: "Replace…"}
	case status == models.StatusExhausted:
		told.Sentence = "is used up, " + count + " of " + count + turnedAway
	default:
		told.Sentence, told.Since = "has "+left+" of "+count+" left and expires", ui.MomentOf(a.ExpiresAt, now)
		if a.ExpiresAt.Sub(now) <= models.AttentionExpiry {
			told.Remedy = Remedy{Kind: models.RemedyExtend, Action: "Extend…"}
		}
	}
	if !mayAct {
		told.Remedy = Remedy{Kind: models.RemedyNone, Action: "Open"}
	}
	return told
}

func byClaim(n int) string {
	return "has " + ui.Plural(n, "e-mail address", "e-mail addresses") + " on its expected list that a device only has to claim"
}
