// Package house holds no code, only tests that keep the house in order:
// which package may import which, over what is really built, and what a
// template must not contain.
package house
