//go:build !nextrelease

package migrations

import "github.com/pressly/goose/v3"

var next []*goose.Migration
