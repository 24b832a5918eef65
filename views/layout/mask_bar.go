package layout

// MaskBar tells somebody who sees e-mail and IP addresses masked how this page
// shows those of its object, and offers to show or hide them.
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
