package models

import "time"

// A registration token needs attention when it is active and nearly used up or
// about to expire, or when it is used up or expired and people still try to
// redeem it, or when its list has e-mail entries that claims meet. Otherwise,
// disabled and deleted ones are that way on purpose.
const (
	// AttentionUsedPercent is the share of the count from which it is nearly used
	// up.
	AttentionUsedPercent = 80
	// AttentionExpiry is how far ahead an expiry is close.
	AttentionExpiry = 7 * 24 * time.Hour
	// AttentionRefused is how long a refused attempt counts.
	AttentionRefused = 7 * 24 * time.Hour
)

// Attention is a registration token that needs attention, and why.
type Attention struct {
	RegistrationToken
	// Refused is how many were turned away within AttentionRefused, and
	// RefusedSince when that began; zero when nobody was.
	Refused      int
	RefusedSince time.Time
	// ByClaim is how many e-mail entries of its list are still met by a claim.
	ByClaim int
}

// AttentionList has the most urgent ones.
type AttentionList struct {
	Items []Attention
	// Total is how many there are, shown or not.
	Total int
}

// Activity counts what happened in periods of equal length, and what expires in as
// many to come.
type Activity struct {
	Redeemed []int
	Refused  []int
	// Created counts registration tokens by when they were made, Expiring those that
	// are not deleted by when they expire: the nearest period first.
	Created, Expiring []int
}
