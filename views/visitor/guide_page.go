package visitor

import "muster/views/layout"

// GuidesPage lists the guides.
type GuidesPage struct {
	layout.Page
	Guides []Guided
}

// GuidePage is one of them, or what is new.
type GuidePage struct {
	layout.Page
	Guide Guided
}

// Guided is a guide: its HTML is ours, rendered from a file of the repository.
type Guided struct {
	Title, URL, HTML string
	Passages         []layout.Link
}
