// Package config turns flags, environment and secret files into one checked
// value. Nothing else in the program reads the environment.
//
// It may import models and nothing else of this repository. Start with
// settings.go: a new setting is an entry of its table, the field of Config that the
// entry fills, and a row in README.md. values.go has the kinds of values;
// masterkey.go decides where the master key comes from.
package config
