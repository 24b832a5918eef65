package models

import "regexp"

// AddressPattern matches every text in which an e-mail or IP address may
// stand, in any spelling that a mask undoes: an @, an escape, four
// groups of digits, or the colons of an IPv6 address. It matches some texts
// that hold none. Go, PostgreSQL and SQLite read it alike, so a search can
// leave out in the database what its reader sees masked.
const AddressPattern = `[@＠﹫]|%[0-9A-Fa-f][0-9A-Fa-f]|&#|&commat;` +
	`|[0-9０-９][.．。｡_－` + invisible + `-]+[0-9０-９]+[.．。｡_－` + invisible + `-]+[0-9０-９]+[.．。｡_－` + invisible + `-]+[0-9０-９]` +
	`|[:：][` + invisible + `]*[:：]` +
	`|([0-9A-Fa-f０-９Ａ-Ｆａ-ｆ` + invisible + `]+[:：]){7}`

// invisible are characters that show nothing and may stand inside an address:
// soft hyphen, zero-width space and joiners, word joiner, byte order mark.
const invisible = "\u00AD\u200B\u200C\u200D\u2060\uFEFF"

var addressPattern = regexp.MustCompile(AddressPattern)

// MayHoldAddress reports whether [AddressPattern] matches; where it does not,
// the text is shown to everybody as it is.
func MayHoldAddress(text string) bool { return addressPattern.MatchString(text) }
