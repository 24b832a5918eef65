package models

import "time"

// BurnSamples is how many uses of a registration token its burn-down keeps at
// most, however many there were.
const BurnSamples = 200

// Use says how many times a registration token had been redeemed at a time.
type Use struct {
	UseNumber  int
	RedeemedAt time.Time
}

// GivenBack says how many counts had been given back at a time.
type GivenBack struct {
	Number      int
	ReclaimedAt time.Time
}

// BurnDown is how the count of a registration token went, oldest first: a
// sample of its uses, of what was given back, the last of each included.
type BurnDown struct {
	Uses      []Use
	GivenBack []GivenBack
}
