package house_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	comment       = regexp.MustCompile(`(?s)/\*.*?\*/`)
	selector      = regexp.MustCompile(`([^{};]+)\{`)
	classSelector = regexp.MustCompile(`\.((?:\\.|[\w-])+)`)
	// classes are the attributes of a template that hold them, as one text or as an expression.
	classes = regexp.MustCompile(`\sclass=(?:"([^"]*)"|\{([^}\n]*)\})`)
	quoted  = regexp.MustCompile(`"([^"\n]*)"`)
)

// styled are the classes that a style sheet has rules for.
func styled(sheet []byte) map[string]bool {
	found := map[string]bool{}
	for _, rule := range selector.FindAllStringSubmatch(comment.ReplaceAllString(string(sheet), ""), -1) {
		if strings.HasPrefix(strings.TrimSpace(rule[1]), "@") {
			continue
		}
		for _, class := range classSelector.FindAllStringSubmatch(rule[1], -1) {
			found[strings.ReplaceAll(class[1], `\`, "")] = true
		}
	}
	return found
}

func TestStyles_EachRuleIsOfAClassThatSomethingNames(t *testing.T) {
	t.Parallel()
	named := map[string]bool{}
	eachFile(t, func(name string, content []byte) {
		if strings.HasPrefix(name, "views/") && !strings.HasSuffix(name, "_templ.go") && !strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "static/js/") {
			for _, word := range strings.FieldsFunc(string(content), func(r rune) bool { return strings.ContainsRune("\"'`. \t\n", r) }) {
				named[word] = true
			}
		}
	})
	for class := range styled(sheet(t, "input.css")) {
		begun := class[:strings.LastIndex(class, "-")+1] // as in "cut-" + a number
		if !named[class] && !named[begun] && class != "htmx-request" {
			t.Errorf("static/css/input.css has rules for .%s, which no page and no script names", class)
		}
	}
}

func TestStyles_EachClassOfATemplateHasARuleOrIsAskedFor(t *testing.T) {
	t.Parallel()
	rules := styled(sheet(t, "app.css"))
	var askers strings.Builder
	templates := map[string][]byte{}
	eachFile(t, func(name string, content []byte) {
		switch {
		case strings.HasSuffix(name, ".templ"):
			templates[name] = content
		case strings.HasSuffix(name, "_test.go"), strings.HasPrefix(name, "e2e/"), strings.HasPrefix(name, "static/js/"):
			askers.Write(content)
		}
	})
	for name, content := range templates {
		for _, attribute := range classes.FindAllSubmatch(content, -1) {
			texts := []string{string(attribute[1])}
			for _, text := range quoted.FindAllSubmatch(attribute[2], -1) {
				texts = append(texts, string(text[1]))
			}
			for _, class := range strings.Fields(strings.Join(texts, " ")) {
				if !rules[class] && !strings.Contains(askers.String(), "."+class) {
					t.Errorf("%s has the class %q, which has no rule and which no test and no script looks for", name, class)
				}
			}
		}
	}
}

func sheet(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root(t), "static", "css", name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}
