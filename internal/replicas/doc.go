// Package replicas tells the other processes that serve a database what this one
// changed, and hears what they did, so that their open pages follow and what they
// remember is forgotten.
//
// What changes is gathered for a moment and told outside the transactions that changed
// it: a handful of short commits a second, however many redemptions there are. Told is
// which rows changed and how, never what stands in them. Nothing relies on its arriving:
// what decides is read from the database, or was within the last second.
//
// It imports tokens. Start with replicas.go; texts.go is what goes over the wire.
package replicas
