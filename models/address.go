package models

import "regexp"

// AddressPattern matches every text that may contain an e-mail or IP address
// in any spelling that a mask recognises: an @, an escape, four groups of
// digits, or the colons of an IPv6 address, which may be dashes. It also matches
// some texts without one. Go, PostgreSQL and SQLite read it alike, so a search in
// the database can exclude what its reader sees masked.
const AddressPattern = `[@＠﹫]|%[0-9A-Fa-f][0-9A-Fa-f]|&#|&commat;|&amp;` +
	`|[0-9０-９][.．。｡_－` + invisible + `-]+[0-9０-９]+[.．。｡_－` + invisible + `-]+[0-9０-９]+[.．。｡_－` + invisible + `-]+[0-9０-９]` +
	`|[:：][` + invisible + `]*[:：]` +
	`|([0-9A-Fa-f０-９Ａ-Ｆａ-ｆ` + invisible + `]+[:：]){7}` +
	`|([0-9A-Fa-f０-９Ａ-Ｆａ-ｆ` + invisible + `]+[-－]){7}|[0-9A-Fa-f０-９Ａ-Ｆａ-ｆ][` + invisible + `]*[-－][` + invisible + `]*[-－]`

// invisible are characters that cannot be seen and may occur in an address:
// soft hyphen, zero-width space and joiners, word joiner, byte order mark.
const invisible = "\u00AD\u200B\u200C\u200D\u2060\uFEFF"

var addressPattern = regexp.MustCompile(AddressPattern)

// MayHoldAddress reports whether [AddressPattern] matches; a text that it does
// not match is shown to everybody unchanged.
func MayHoldAddress(text string) bool { return addressPattern.MatchString(text) }
