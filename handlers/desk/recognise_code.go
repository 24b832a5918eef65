package desk

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Support codes are four and four of the characters of Crockford's base32. People
// read O for 0, and I or l for 1.
const (
	digits       = "0123456789"
	codeAlphabet = digits + "ABCDEFGHJKMNPQRSTVWXYZ"
)

var misread = strings.NewReplacer("O", "0", "I", "1", "L", "1")

var (
	// capitals are those of a half of a code, and the small letters that people read
	// for digits.
	capitals = regexp.MustCompile(`^[0-9A-Zoil]{4}$`)
	// mostlySmall is a half that is rather a name: Olli.
	mostlySmall = regexp.MustCompile(`(?:[oil].*){3}`)
)

// codeLabel is what a support code is called, in each language of the end users'
// pages, in REST answers and in addresses.
var codeLabel = regexp.MustCompile(`(?i)support[ _-]?code|code d'assistance|código de asistencia|サポ[ー-]トコ[ー-]ド|[?&]code=`)

// japanese are the characters that stand without a space beside a code.
const japanese = `\p{Han}\p{Hiragana}\p{Katakana}、。「」`

// codeShape is a word of eight characters, or two of four with a dash or a space
// between them, or with what somebody may write for the dash. Other characters of a
// longer word must not touch it.
var codeShape = regexp.MustCompile(`(?:^|[\s"'(\[{<>:：=,;#*` + japanese + `])([0-9A-Za-z]{4})(\s?-\s?|--|[_./]| ?)([0-9A-Za-z]{4})(?:$|[\s"')\]}<>,;:!?*&#` + japanese + `]|\.(?:$|\s))`)

// typedCode is a support code as it was typed and as it was issued.
type typedCode struct {
	typed, code                   string
	dash, joined, digit, capitals bool
	// odd is one with something else for the dash.
	odd bool
}

// isName tells what has something else for the dash and is rather a name: ROOM/0417,
// anna.w123.
func (f typedCode) isName() bool {
	likely := f.digit && f.capitals && strings.Trim(f.code[:4], digits) != "" && strings.Trim(f.code[5:], digits) != ""
	return f.odd && !likely
}

// inCapitals tells whether a half of a code is in capitals, misread letters aside.
func inCapitals(half string) bool {
	return capitals.MatchString(half) && !mostlySmall.MatchString(half)
}

// codesIn are all that may be support codes.
func codesIn(plain string) []typedCode {
	var found []typedCode
	for plain != "" {
		at := codeShape.FindStringSubmatchIndex(plain)
		if at == nil {
			break
		}
		typed, first, between, second := plain[at[2]:at[7]], plain[at[2]:at[3]], plain[at[4]:at[5]], plain[at[6]:at[7]]
		if code, ok := canonicalCode(first + second); ok {
			f := typedCode{typed: strings.ReplaceAll(typed, " - ", "-"), code: code, joined: between == "", digit: strings.ContainsAny(typed, digits)}
			f.capitals = inCapitals(first) && inCapitals(second)
			f.odd = between != "" && strings.Trim(between, "_./") == "" || between == "--"
			f.dash = !f.odd && strings.Contains(between, "-")
			found = append(found, f)
		}
		// A word of four may belong to the next one as well.
		plain = plain[at[3]:]
	}
	return found
}

// canonicalCode is a support code as it was issued, of its eight characters.
func canonicalCode(letters string) (string, bool) {
	code := misread.Replace(strings.ToUpper(letters))
	if len(code) != 8 || strings.Trim(code, codeAlphabet) != "" {
		return "", false
	}
	return code[:4] + "-" + code[4:], true
}

func codeQuery(found []typedCode, says bool) (query, bool) {
	if len(found) == 0 {
		return query{}, false
	}
	q := query{kind: querySupportCode, says: says, text: found[0].typed}
	for _, f := range found {
		if !slices.Contains(q.codes, f.code) {
			q.codes = append(q.codes, f.code)
		}
	}
	if len(q.codes) > 1 {
		q.text = ""
	}
	return q, true
}

// wrongLength is what stands where a code should.
var wrongLength = regexp.MustCompile(`^[\s"'=:：]*([0-9A-Za-z-]*[0-9][0-9A-Za-z-]*)`)

// recogniseLabelledCode reads what calls itself a support code.
func recogniseLabelledCode(plain string) (query, bool) {
	at := codeLabel.FindStringIndex(plain)
	if at == nil {
		return query{}, false
	}
	rest := plain[at[1]:]
	found := slices.DeleteFunc(codesIn(rest), func(f typedCode) bool { return !f.digit && !f.dash && !f.capitals })
	if q, ok := codeQuery(found, true); ok {
		return q, true
	}
	if q, ok := recogniseCode(strings.Trim(rest, around+"=")); ok {
		q.says = true
		return q, true
	}
	const shortest, longest = 5, 15
	if typed := wrongLength.FindStringSubmatch(rest); typed != nil && len(typed[1]) >= shortest && len(typed[1]) <= longest && !jwtPart.MatchString(typed[1]) {
		return query{kind: querySupportCode, says: true, text: typed[1]}, true
	}
	return query{}, false
}

// recogniseCode reads a text that is a support code and nothing else, though
// it may be a name as well.
func recogniseCode(bare string) (query, bool) {
	if found := slices.DeleteFunc(codesIn(bare), typedCode.isName); len(found) == 1 && utf8.RuneCountInString(found[0].typed) >= utf8.RuneCountInString(strings.ReplaceAll(bare, " - ", "-")) {
		return codeQuery(found, found[0].dash && found[0].digit)
	}
	if spelledOut(bare) {
		code, ok := canonicalCode(strings.NewReplacer(" ", "", "-", "").Replace(bare))
		return query{kind: querySupportCode, codes: []string{code}, text: bare}, ok
	}
	return query{}, false
}

// spelledOut tells a code that is read out by one or two characters at a time.
func spelledOut(text string) bool {
	parts := strings.Fields(strings.ReplaceAll(text, "-", " "))
	return len(parts) > 2 && !slices.ContainsFunc(parts, func(part string) bool { return len(part) > 2 }) &&
		len(strings.Join(parts, "")) == 8
}

// recogniseCodeWithin finds support codes in a sentence: those that hardly are words
// of it, and what looks like them beside such a one.
func recogniseCodeWithin(plain string) (query, bool) {
	found := slices.DeleteFunc(codesIn(plain), typedCode.isName)
	isCode := func(f typedCode) bool {
		letters := strings.Trim(f.code, digits+"-") != ""
		return f.odd || f.dash && (f.digit || f.capitals) || f.joined && f.digit && letters
	}
	if !slices.ContainsFunc(found, isCode) {
		return query{}, false
	}
	found = slices.DeleteFunc(found, func(f typedCode) bool { return !f.dash && !isCode(f) })
	return codeQuery(found, slices.ContainsFunc(found, func(f typedCode) bool { return f.dash }))
}
