package telling

import (
	"muster/models"
	"muster/views/ui"
)

// leftOut says why registration tokens stay as they are, one of them or several; in
// the order in which it is told.
var leftOut = []struct {
	why       models.LeftOut
	one, many string
}{
	{models.LeftDeleted, "is deleted", "are deleted"},
	{models.LeftReplaced, "was replaced", "were replaced"},
	{models.LeftExpired, "has expired and can only be replaced", "have expired and can only be replaced"},
	{models.LeftLargest, "would have more than 1,000,000 counts", "would have more than 1,000,000 counts"},
	{models.LeftLongest, "would last longer than is allowed", "would last longer than is allowed"},
	{models.LeftNotBefore, "does not expire before that", "do not expire before that"},
	{models.LeftChanged, "was changed since", "were changed since"},
	{models.LeftUndone, "is as it was before", "are as they were before"},
	{models.LeftUsed, "has more used than its earlier count", "have more used than their earlier count"},
	{models.LeftPast, "would have expired by now", "would have expired by now"},
}

// LeftOut says how many registration tokens a change leaves as they are, and why;
// empty when there is none.
func LeftOut(left map[models.LeftOut]int) string {
	all := 0
	for _, n := range left {
		all += n
	}
	if all == 0 {
		return ""
	}
	var reasons []string
	for _, r := range leftOut {
		switch n := left[r.why]; n {
		case 0:
		case all:
			reasons = append(reasons, agree(n, "it "+r.one, "they "+r.many))
		default:
			reasons = append(reasons, ui.Number(n)+" "+agree(n, r.one, r.many))
		}
	}
	return ui.Number(all) + " " + agree(all, "stays as it is", "stay as they are") + ": " + list(reasons) + "."
}
