// Package telling holds the sentences about what happened: why somebody was
// turned away ([RefusalOf], [Explain], [Detail]), what an event of the audit
// trail did ([EventOf]), what became of the counts ([FindingOf]), and the state
// of things. Each reason, audited action and cause is one entry of one table
// (refusals.go, events.go, findings.go), and a test fails for one without an
// entry. Pages only place the words; the rooms make the addresses they lead to.
//
// It is given rows of package seen, so nothing is masked here. All is English,
// except what the redeem page says, which stands in package words.
//
// It imports seen, models, views/ui, views/words and the standard library.
package telling
