package desk

import (
	"slices"

	"muster/views/ui"
)

// The size of what is drawn, in its own units: the page stretches it sideways. The
// labels above and below it are not stretched: they stand at percentages.
const (
	BurnWidth  = 1000
	BurnHeight = 130
)

// BurnDown draws how the counts were used: x is the time, y the counts left.
type BurnDown struct {
	// Area and Line show what is left, Limit the count, Pace what will be left if it
	// goes on like that; empty without a pace.
	Area, Line, Limit, Pace string
	// Marks are edits and reclaims.
	Marks []BurnMark
	// Today and Expiry are always there.
	Today, Expiry BurnPole
	// Ticks are round times, Levels round counts. Breaks are where the axis leaves
	// time out.
	Ticks  []BurnTick
	Levels []BurnLevel
	Breaks []string
	// Bursts are shaded; Stretches cut the whole into parts. Each links to the
	// uses of its time.
	Bursts, Stretches []BurnStretch
	// Summary describes the drawing to those who cannot see it; Rows are the
	// table behind it.
	Summary string
	Rows    []BurnRow
}

// BurnMark is a moment on the drawing.
type BurnMark struct {
	X, Title  string
	GivenBack bool
}

// BurnPole is a moment over the whole height, with a label. X is a percentage.
type BurnPole struct{ X, Anchor, Label, Title string }

// BurnTick is a round time on the axis. X is a percentage; a phone shows no Odd one
// that has nothing under it.
type BurnTick struct {
	X, Anchor, Label, Under, Title string
	Odd                            bool
}

// BurnLevel is a round count beside the drawing.
type BurnLevel struct{ Y, Label string }

// BurnStretch is a part of the drawing.
type BurnStretch struct {
	X, Width, Title, URL string
}

// BurnRow is a moment in the table.
type BurnRow struct {
	When              ui.Moment
	What              string
	Used, Left, Count int
}

// marked tells whether the marks hold a reclaim (givenBack) or an edit.
func (b *BurnDown) marked(givenBack bool) bool {
	return slices.ContainsFunc(b.Marks, func(mark BurnMark) bool { return mark.GivenBack == givenBack })
}
