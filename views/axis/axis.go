// Package axis lays time along a line from 0 to 1 and cuts it at round times of a
// zone. A stretch is laid out in proportion; what lies far behind it stands at the
// end, after a break. It is pure and knows no clock.
package axis

import "time"

const (
	// margin keeps the first and the last moment off the edges.
	margin = 0.015
	// behind is the room of a moment after a break.
	behind = 0.15
)

// Scale says where on the line a time stands.
type Scale struct{ pieces []piece }

// piece is a part of the line that is in proportion.
type piece struct {
	from, to    time.Time
	left, right float64
}

// New lays out the time between from and to, which is later, in proportion. The later
// times, in order, stand behind it, each after a break.
func New(from, to time.Time, later ...time.Time) Scale {
	right := 1 - margin - behind*float64(len(later))
	s := Scale{pieces: []piece{{from, to, margin, right}}}
	for _, at := range later {
		s.pieces = append(s.pieces, piece{to, at, right, right + behind})
		to, right = at, right+behind
	}
	return s
}

// At is the place of t, from 0 to 1. What lies outside stands at the nearer end.
func (s Scale) At(t time.Time) float64 {
	for _, p := range s.pieces {
		if !t.After(p.to) {
			part := float64(t.Sub(p.from)) / float64(p.to.Sub(p.from))
			return p.left + max(0, part)*(p.right-p.left)
		}
	}
	return s.pieces[len(s.pieces)-1].right
}

// Breaks are the places where the line is broken.
func (s Scale) Breaks() []float64 {
	var places []float64
	for _, p := range s.pieces[1:] {
		places = append(places, (p.left+p.right)/2)
	}
	return places
}

// Bends are the times at which the line changes its proportion.
func (s Scale) Bends() []time.Time {
	var times []time.Time
	for _, p := range s.pieces[1:] {
		times = append(times, p.from)
	}
	return times
}
