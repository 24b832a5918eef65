// Package seen decides what a viewer may see. It is the only place that masks
// e-mail and IP addresses and seals page tokens. Pages, REST, live updates and
// exports read through [Reader] and get rows ([AuthToken], [RegistrationToken] …)
// that nothing else can make. A new list is masked, sealed, counted and audited
// because there is no other way to read it.
//
// It imports models and internal/seal. Start with viewer.go, then rows.go;
// mask.go finds addresses in texts, reader.go holds what can be read.
package seen
