package lists_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"muster/models/lists"
)

// Eight times the text takes about eight times as long, whatever it is made of; what
// is quadratic takes sixty-four times as long.
func TestLists_AreReadInTimeThatGrowsWithTheirLength(t *testing.T) { //nolint:paralleltest // measures time
	readers := map[string]func(string){
		"expected":   func(text string) { lists.ReadExpected(text, lists.Choices{}) },
		"recipients": func(text string) { lists.ReadRecipients(text, lists.Choices{}) },
	}
	texts := map[string]func(n int) string{"cells of many lines": func(n int) string {
		return strings.Repeat("x,", 99) + "\n" + strings.Repeat("a\n", n/2)
	}, "headings": func(n int) string {
		var text strings.Builder
		for i := 0; text.Len() < n; i++ {
			fmt.Fprintf(&text, "User,Host,h%d\n", i)
		}
		return text.String()
	}, "different addresses": func(n int) string {
		var text strings.Builder
		for i := 0; text.Len() < n; i++ {
			text.WriteString("a" + strconv.Itoa(i) + "@x.example; ")
		}
		return text.String()
	}}
	for _, part := range []string{
		",", ";", `"`, "<", ">", "a", "a;", "a,", "ä", "*", "\\", "@", ".", "\t", "\n", "\r\n", " ", "\"\n", "\";\n", "\"a\n", "\"x\"y\n", "a;\"\n", "a@x.example;", "a@x.example, ",
		"A <a@x.example>; ", "A <a@x.example> ", "A, B <a@x.example>\n", "To: ", "User,Host\n", "\n\nUser\n", "sep=;\n", "#TYPE a\n", "\u200b", "host:", "<a@x.example", "a;\n", "a,b\n", "\"a\";\"b\",",
	} {
		texts[strconv.Quote(part)] = func(n int) string { return strings.Repeat(part, n/len(part)) }
	}
	for name, text := range texts {
		for kind, read := range readers {
			took := func(n int) time.Duration {
				given, start := text(n), time.Now()
				read(given)
				return time.Since(start)
			}
			// What takes hardly any time is not compared.
			const few, many, most, hardlyAny = 8 << 10, 64 << 10, 28, 10 * time.Millisecond
			a, b := took(few), took(many)
			for range 4 { // a busy machine makes one of them slow
				if b <= most*max(a, hardlyAny) {
					break
				}
				a, b = min(a, took(few)), min(b, took(many))
			}
			if b > most*max(a, hardlyAny) {
				t.Errorf("%s of %s: %d bytes take %s, %d take %s", kind, name, few, a, many, b)
			}
		}
	}
	// Single long lines and cells, at the most that can be sent.
	for _, part := range []string{",", ";", `"`, "<", "\n"} {
		for kind, read := range readers {
			start, long := time.Now(), strings.Repeat(part, (2<<20)/len(part))
			if read(long); time.Since(start) > time.Minute {
				t.Errorf("%s of 2 MB of %q take %s", kind, part, time.Since(start))
			}
		}
	}
}

func TestLists_TakeAHundredColumns(t *testing.T) {
	t.Parallel()
	heading := func(columns int) string { return "User" + strings.Repeat(",x", columns-1) + "\nann\n" }
	if list := lists.ReadExpected(heading(100), lists.Choices{}); len(list.Columns) != 100 || len(list.Entries) != 1 || len(list.Bad) != 0 {
		t.Errorf("100 columns: %d, %d left out", len(list.Columns), len(list.Bad))
	}
	for name, text := range map[string]string{
		"a wide heading": heading(101),
		"commas":         "a" + strings.Repeat(",", 20_000),
		"many headings":  strings.Repeat("User,Host\nann,pc\n\n", 3) + manyHeadings(60),
	} {
		expected, recipients := lists.ReadExpected(text, lists.Choices{}), lists.ReadRecipients(text, lists.Choices{})
		if len(expected.Columns) > 100 || len(recipients.Columns) > 100 {
			t.Errorf("%s: %d and %d columns", name, len(expected.Columns), len(recipients.Columns))
		}
		for _, bad := range [][]lists.Problem{expected.Bad, recipients.Bad} {
			if len(bad) == 0 || !strings.Contains(bad[0].Message, "at most 100") {
				t.Errorf("%s: what is too much is not named: %+v", name, bad)
			}
		}
	}
}

func manyHeadings(n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "User,Email,a%d,b%d\nann%d,ann%d@x.example,1,2\n\n", i, i, i, i)
	}
	return text.String()
}
