package replicas

import (
	"maps"
	"slices"
	"strings"

	"muster/tokens"
)

const (
	// mostTold is how many changes are told one by one.
	mostTold = 200
	// textSize is what PostgreSQL takes in one text, in bytes.
	textSize = 7999
)

// texts are changes as they are announced: a line with who tells, then one for each
// change, its kind and its ids. What is more than can be told one by one is "much".
func texts(self string, changes map[tokens.Change]struct{}) []string {
	if len(changes) > mostTold {
		changes = map[tokens.Change]struct{}{{Kind: tokens.ChangeMuch}: {}}
	}
	lines := make([]string, 0, len(changes))
	for change := range maps.Keys(changes) {
		lines = append(lines, "\n"+string(change.Kind)+" "+change.RegistrationTokenID+" "+change.AuthTokenID)
	}
	slices.Sort(lines)
	var all []string
	text := self
	for _, line := range lines {
		if len(text)+len(line) > textSize {
			all, text = append(all, text), self
		}
		text += line
	}
	return append(all, text)
}

// read are the changes of a text; none of one of our own. A text of a release that
// writes otherwise says that something changed, whatever it was.
func read(self, text string) []tokens.Change {
	sender, rest, _ := strings.Cut(text, "\n")
	if sender == self {
		return nil
	}
	var changes []tokens.Change
	for line := range strings.SplitSeq(rest, "\n") {
		fields := strings.Split(line, " ")
		if len(fields) != 3 || fields[0] == "" {
			return []tokens.Change{{Kind: tokens.ChangeMuch}}
		}
		changes = append(changes, tokens.Change{Kind: tokens.ChangeKind(fields[0]), RegistrationTokenID: fields[1], AuthTokenID: fields[2]})
	}
	return changes
}
