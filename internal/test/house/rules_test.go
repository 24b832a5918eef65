package house_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	ruleNumber = regexp.MustCompile(`(?m)^([0-9]+)\. \*\*`)
	// citation is a rule, or several, as comments name them.
	citation = regexp.MustCompile(`\brules? ([0-9]+(?:(?:, | and | to )[0-9]+)*)`)
	// foreign is a citation of a page that is not in the repository.
	foreign = regexp.MustCompile(`PRODUCT (?:section|rule)|SECURITY [RP][0-9]|\(R[0-9]+\)|DESIGN section|PEERS`)
)

// TestRules_EachCitedOneExists looks through all code of ours.
func TestRules_EachCitedOneExists(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root(t), "docs", "rules.md"))
	if err != nil {
		t.Fatal(err)
	}
	exists, cited := map[string]bool{}, map[string]bool{}
	for _, found := range ruleNumber.FindAllStringSubmatch(string(text), -1) {
		exists[found[1]] = true
	}
	eachFile(t, func(name string, content []byte) {
		if strings.HasPrefix(name, "internal/test/house/") || !codeOfOurs(name) {
			return
		}
		for number, line := range strings.Split(string(content), "\n") {
			if foreign.MatchString(line) {
				t.Errorf("%s:%d cites a page that is not here: %s", name, number+1, strings.TrimSpace(line))
			}
			for _, found := range citation.FindAllStringSubmatch(line, -1) {
				for _, rule := range regexp.MustCompile("[0-9]+").FindAllString(found[1], -1) {
					cited[rule] = true
					if !exists[rule] {
						t.Errorf("%s:%d cites rule %s, which docs/rules.md does not have", name, number+1, rule)
					}
				}
			}
		}
	})
	if len(cited) < 10 {
		t.Errorf("only %d rules are cited: the test looks for what is written in another way", len(cited))
	}
}

func codeOfOurs(name string) bool {
	switch filepath.Ext(name) {
	case ".go", ".templ", ".js", ".css", ".sql", ".sh":
		return !strings.HasSuffix(name, "_templ.go") && !strings.HasSuffix(name, ".min.js") && !strings.Contains(name, "testdata/")
	}
	return false
}
