// Package names says when two names are one: of a person, of a device, of a
// domain, of a hardware address. It is the only definition in the product.
//
// A [Sighting] is what one use reports or proves. [Rules.Parse] brings it into a
// canonical form; [Rules.Identify] then says whose it is, from what else is known
// in the same customer. Matching evidence joins, contradicting evidence keeps
// apart, and what cannot be told apart is called vague instead of guessed. The
// answer depends on what is known alone, not on the order in which it became known.
package names
