package models

import "time"

// When a registration token needs somebody's attention: an active one that
// is nearly used up or about to expire unused, or one that ran out or expired
// while people still try to redeem it. Disabled and deleted ones are meant to
// be as they are.
const (
	// AttentionUsedPercent is the part of the count that is nearly all of it.
	AttentionUsedPercent = 80
	// AttentionExpiry is how far ahead an expiry is close.
	AttentionExpiry = 7 * 24 * time.Hour
	// AttentionRefused is how long ago a refused attempt still counts.
	AttentionRefused = 7 * 24 * time.Hour
)

// Attention is a registration token that needs somebody, and what for.
type Attention struct {
	RegistrationToken
	// Refused is how many were turned away within AttentionRefused, and
	// RefusedSince when that began; zero when nobody was.
	Refused      int
	RefusedSince time.Time
}

// AttentionList is the most urgent of them.
type AttentionList struct {
	Items []Attention
	// Total is how many there are, shown or not.
	Total int
}

// Activity counts what happened in periods of equal length.
type Activity struct {
	Redeemed []int
	Refused  []int
}
