// Package telling holds the sentences about what happened: why somebody was
// turned away ([Reason], [Advice], [Explain], [Detail]), what an audited event did
// ([EventOf]), what became of the counts ([VerdictSentence], [FindingOf]), and the
// state of things. Each reason, audited action and cause is one entry of one table
// (refusals.go, events.go, findings.go), and a test fails for one without an entry.
// Pages only place the sentences; the rooms add the links.
//
// Its rows come from package seen, so nothing is masked here. Everything is in
// English, except what the redeem page says, which is in package words.
package telling
