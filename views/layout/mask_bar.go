package layout

// MaskBar tells somebody who sees e-mail and IP addresses masked how they are
// on this page, and offers to show or to hide those of its object.
type MaskBar struct {
	// Action is where its button posts the object to.
	Action               string
	ObjectKind, ObjectID string
	// ReturnTo is the page itself.
	ReturnTo string
	// ShownUntil is the time they are shown until; empty while they are masked.
	ShownUntil string
	// Lasting is for how long they would be shown.
	Lasting string
}
