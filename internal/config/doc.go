// Package config turns flags, environment and secret files into one checked
// value. Nothing else in the program reads the environment.
//
// It may import models and nothing else of this repository. Start with
// config.go; flags.go is what the command line offers, masterkey.go decides
// where the master key comes from.
package config
