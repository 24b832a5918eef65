package gallery

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"muster/views/axis"
	"muster/views/desk"
	"muster/views/telling"
	"muster/views/ui"
)

// burnDownOf draws what was left after each of a few moments of a week.
func burnDownOf(count int, left ...int) *desk.BurnDown {
	at := func(n int) string { return strconv.Itoa(desk.BurnHeight - desk.BurnHeight*n/count) }
	scale := axis.New(aWeekAgo, now, expiry)
	x := func(t time.Time) string { return strconv.FormatFloat(desk.BurnWidth*scale.At(t), 'f', 1, 64) }
	percent := func(place float64) string { return strconv.FormatFloat(100*place, 'f', 1, 64) + "%" }
	b := &desk.BurnDown{
		Levels: []desk.BurnLevel{{Y: at(0), Label: "0"}, {Y: at(count), Label: ui.Number(count)}},
		Today:  desk.BurnPole{X: percent(scale.At(now)), Anchor: "middle", Label: "Today"},
		Expiry: desk.BurnPole{X: percent(scale.At(expiry)), Anchor: "end", Label: telling.ExpiryMark(expiry, now)},
		Breaks: []string{percent(scale.Breaks()[0])},
		Line:   "M" + x(aWeekAgo) + " 0", Limit: "M" + x(aWeekAgo) + " 0H1000",
		Summary: telling.CountsLeft(aWeekAgo, now, left[len(left)-1], count, now),
		Rows:    []desk.BurnRow{{When: ui.MomentOf(aWeekAgo, now), What: telling.CountCreated, Left: count, Count: count}},
	}
	for _, tick := range scale.Ticks(time.UTC, 6) {
		b.Ticks = append(b.Ticks, desk.BurnTick{X: percent(tick.Place), Anchor: "middle", Label: tick.Label, Under: tick.Under, Odd: len(b.Ticks)%2 == 1})
	}
	for i, n := range left {
		moment := aWeekAgo.Add(now.Sub(aWeekAgo) / time.Duration(len(left)+1) * time.Duration(i+1))
		b.Line += "H" + x(moment) + "V" + at(n)
		b.Rows = append(b.Rows, desk.BurnRow{When: ui.MomentOf(moment, now), What: telling.CountTaken, Used: count - n, Left: n, Count: count})
	}
	b.Line += "H" + x(now)
	b.Area = b.Line + fmt.Sprintf("V%d H%s Z", desk.BurnHeight, x(aWeekAgo))
	b.Pace = "M" + x(now) + " " + at(left[len(left)-1]) + "L" + x(expiry) + " " + at(0)
	return b
}

// burnDownMarked has every kind of mark.
func burnDownMarked() *desk.BurnDown {
	b := burnDownOf(100, 40, 20, 5, 50, 62, 63)
	b.Limit = "M15 65H411V0H1000"
	b.Line = strings.Replace(b.Line, "M15.0 0", "M15 65", 1)
	b.Area, b.Pace = b.Line+fmt.Sprintf("V%d H15 Z", desk.BurnHeight), ""
	b.Marks = []desk.BurnMark{
		{X: "411", Title: telling.At(telling.CountEdited(50, 100), aWeekAgo, now)},
		{X: "514", Title: telling.At(telling.CountGivenBack, twoMinutesAgo, now), GivenBack: true},
		{X: "617", Title: telling.At(telling.CountGivenBack, now, now), GivenBack: true},
	}
	b.Rows[0].Left, b.Rows[0].Count = 50, 50
	b.Rows = append(b.Rows, desk.BurnRow{When: ui.MomentOf(twoMinutesAgo, now), What: telling.CountEdited(50, 100), Used: 37, Left: 63, Count: 100})
	return b
}

// mostOf is who took most, by device or by person.
func mostOf(by string, names ...string) desk.Most {
	m := desk.Most{ByPerson: by == "Person", Sum: "37 uses by 9 people on 12 devices."}
	for _, label := range []string{"Person", "Device"} {
		m.By = append(m.By, ui.Tab{Label: label, URL: "#", Current: label == by, NoCount: true})
	}
	for i, name := range names {
		g := desk.UseGroup{Value: name, URL: "#"}
		g.Uses, g.Last, g.Unknown = 16>>i, heldToken(i%len(people), nil), name == ""
		if i == 0 {
			g.Surplus = 9
		}
		m.Groups = append(m.Groups, g)
	}
	return m
}
