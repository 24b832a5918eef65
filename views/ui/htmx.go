package ui

// BackgroundHeaders mark a reload that the page does by itself: it must not
// count as activity of the person.
const BackgroundHeaders = `{"Muster-Background":"1"}`
