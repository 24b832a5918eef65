package telling_test

import (
	"testing"

	"muster/models"
	"muster/views/telling"
)

func TestLeftOut_SaysWhyOfEachReason(t *testing.T) {
	t.Parallel()
	all := map[models.LeftOut]int{}
	said := map[string]bool{}
	for _, reason := range declared(t, "LeftOut") {
		why := models.LeftOut(reason)
		all[why] = 2
		text := telling.LeftOut(map[models.LeftOut]int{why: 1})
		if text == "" || said[text] {
			t.Errorf("%s is told as %q", reason, text)
		}
		said[text] = true
	}
	for want, left := range map[string]map[models.LeftOut]int{
		"":                                      nil,
		"1 stays as it is: it was replaced.":    {models.LeftReplaced: 1},
		"2 stay as they are: they are deleted.": {models.LeftDeleted: 2},
		"1,003 stay as they are: 1 is deleted and 1,002 were replaced.": {models.LeftReplaced: 1002, models.LeftDeleted: 1},
	} {
		if got := telling.LeftOut(left); got != want {
			t.Errorf("%v is told as %q, want %q", left, got, want)
		}
	}
	if got := telling.LeftOut(all); len(got) < 200 {
		t.Errorf("all together: %q", got)
	}
}
