// Package histories holds believable pasts of registration tokens, each with
// what is true of it: how many people and devices used it, who is waiting, what
// used its counts, and what would mend that. They can be read and checked without
// the rules of the verdict, which are held against them: in memory, in both
// databases, and in a browser after the real token service played them.
//
// It imports models and models/names. Start with [All]; a history is told in the
// order things are explained in, [History.InOrder] puts it in the order of time.
package histories
