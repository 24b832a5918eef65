package names

import (
	"crypto/sha256"
	"encoding/hex"
	"unicode/utf8"
)

// maxBytes is how long a name is at most where it is stored to be found: a few of
// them together have to fit into a row of an index.
const maxBytes = 512

// Bound is a name that is short enough for an index: a longer one is its beginning
// and a digest of all of it. It then looks like an address, as it may have been
// one behind the cut.
func Bound(text string) string {
	if len(text) <= maxBytes {
		return text
	}
	sum := sha256.Sum256([]byte(text))
	end := "@" + hex.EncodeToString(sum[:16])
	cut := maxBytes - len(end)
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + end
}

// bound is the same for each text of a sighting.
func (p Parsed) bound() Parsed {
	for _, text := range []*string{&p.Local, &p.Domain, &p.Subject, &p.Account, &p.Label, &p.Host, &p.MAC} {
		*text = Bound(*text)
	}
	return p
}
