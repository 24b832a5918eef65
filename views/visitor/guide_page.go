package visitor

import (
	"github.com/a-h/templ"

	"muster/views/layout"
)

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

// Guided is a guide.
type Guided struct {
	Title, URL string
	Body       templ.Component
	Passages   []layout.Link
}
