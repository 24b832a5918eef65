package models

import "time"

// BurnSamples is the largest number of uses in a burn-down, however many there
// were.
const BurnSamples = 200

// Use says how many times a registration token had been redeemed at a time.
type Use struct {
	UseNumber  int
	RedeemedAt time.Time
}

// ReclaimSample says how many counts had been given back at a time.
type ReclaimSample struct {
	Number      int
	ReclaimedAt time.Time
}

// BurnDown shows how the count of a registration token was used up: samples of
// its uses and of the counts given back, oldest first, including the last of
// each.
type BurnDown struct {
	Uses     []Use
	Reclaims []ReclaimSample
}
