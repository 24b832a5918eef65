package views

// backgroundHeaders mark a reload that the page does by itself: it must not
// count as activity of the person.
const backgroundHeaders = `{"Muster-Background":"1"}`
