package config

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// parse returns the flags of a command line.
func parse(t *testing.T, args ...string) (Flags, error) {
	t.Helper()
	f := NewFlags()
	parser, err := kong.New(&f)
	if err != nil {
		t.Fatal(err)
	}
	_, err = parser.Parse(args)
	return f, err
}

func vars(of map[string]string) Environment {
	return Environment{Dir: "/nowhere", Lookup: func(name string) (string, bool) { v, ok := of[name]; return v, ok }}
}

func TestSettings_EachIsAFlagUnlessItIsASecret(t *testing.T) {
	t.Parallel()
	for _, s := range settings(&Config{}) {
		f, err := parse(t, "--"+s.flag()+"= given ")
		if s.secret && s.variable != databaseVariable {
			if err == nil {
				t.Errorf("the secret %s has a flag", s.variable)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", s.variable, err)
			continue
		}
		l := &loader{env: vars(map[string]string{s.variable: "variable", s.variable + "_FILE": "/nowhere/file"}), flag: f.text}
		if in := l.find(s); in.text != "given" || in.source != fromFlag || l.err() != nil {
			t.Errorf("--%s does not beat %s: %q, %v", s.flag(), s.variable, in.text, l.err())
		}
	}
}

func TestSettings_HelpNamesVariableAndDefault(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	f := NewFlags()
	parser, err := kong.New(&f, kong.Writers(&out, &out), kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	_, _ = parser.Parse([]string{"--help"})
	help := strings.Join(strings.Fields(out.String()), " ")
	for _, s := range settings(&Config{}) {
		if s.secret && s.variable != databaseVariable {
			continue
		}
		usage := s.help + " (" + s.variable
		switch {
		case s.unset != "":
			usage += ", default " + s.unset
		case s.fallback != "":
			usage += ", default " + s.fallback
		}
		if flag := "--" + s.flag() + "=" + s.placeholder + " "; s.help == "" || s.placeholder == "" || !strings.Contains(help, flag+usage+").") {
			t.Errorf("--help lacks %q", flag+usage)
		}
	}
}

func TestSettings_EachIsShownOnceAndDefaultsAreValid(t *testing.T) {
	t.Parallel()
	c := &Config{dir: "/nowhere"}
	var variables []string
	for _, s := range settings(c) {
		l := &loader{env: vars(nil), flag: Flags{}.text}
		if l.load(s); len(l.problems.Wrong) > 0 {
			t.Errorf("the default of %s: %v", s.variable, l.err())
		}
		if slices.Contains(variables, s.variable) {
			t.Errorf("%s is there twice", s.variable)
		}
		variables = append(variables, s.variable)
	}
	for i, s := range c.Settings()[1:] {
		if s.Variable != variables[i] {
			t.Errorf("%s is shown where %s belongs", s.Variable, variables[i])
		}
	}
}

// A new setting of the login provider is refused beside --dev like the others.
func TestSettings_DevRefusesWhatItHasItself(t *testing.T) {
	t.Parallel()
	own := regexp.MustCompile(`^MUSTER_(BASE_URL|OIDC_.*|ROLE_CLAIM|.*_ROLES)$`)
	for _, s := range settings(&Config{}) {
		for _, variable := range []string{s.variable, s.variable + "_FILE"} {
			_, err := Load(Flags{Dev: true}, vars(map[string]string{variable: "x"}))
			if refused := err != nil && strings.Contains(err.Error(), variable+" cannot be set with --dev"); refused != own.MatchString(s.variable) {
				t.Errorf("%s beside --dev: %v", variable, err)
			}
		}
	}
}

var (
	tableRow = regexp.MustCompile("(?m)^\\| (`MUSTER_[^|]*) \\| ([^|]*) \\|")
	named    = regexp.MustCompile(`MUSTER_[A-Z_]*[A-Z]`)
	code     = regexp.MustCompile("`([^`]*)`")
	aside    = regexp.MustCompile("`(MUSTER_[A-Z_]+)` \\(`([^`]+)`")
)

// inDocuments is the default as the documents write it, code marks aside.
func (s setting) inDocuments() string {
	switch {
	case s.required != "":
		return "required"
	case s.unset != "":
		return s.unset
	case s.fallback == "":
		return "none"
	default:
		return s.fallback
	}
}

// The documents name settings and defaults again, for people; nothing else
// may be there, or be left out.
func TestSettings_DocumentsSayTheSame(t *testing.T) {
	t.Parallel()
	table := map[string]setting{}
	for _, s := range settings(&Config{}) {
		table[s.variable] = s
	}
	explained := map[string]bool{}
	for _, file := range []string{"README.md", "SECURITY.md", "docs/operator.md"} {
		content, err := os.ReadFile(filepath.Join("../..", file))
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range tableRow.FindAllStringSubmatch(string(content), -1) {
			variables, defaults := named.FindAllString(row[1], -1), code.FindAllString(row[2], -1)
			for i, variable := range variables {
				s := table[variable]
				explained[variable] = true
				written := row[2]
				if len(variables) > 1 && len(defaults) == len(variables) {
					written = defaults[i]
				}
				if s.secret != strings.Contains(row[1], variable+"` ¹") {
					t.Errorf("%s: %s is not marked as what it is", file, variable)
				}
				if written = strings.ReplaceAll(written, "`", ""); written != s.inDocuments() {
					t.Errorf("%s: the default of %s is %s there and %s here", file, variable, written, s.inDocuments())
				}
			}
		}
		for _, variable := range named.FindAllString(string(content), -1) {
			if _, ok := table[strings.TrimSuffix(variable, "_FILE")]; !ok {
				t.Errorf("%s names %s, which is no setting", file, variable)
			}
		}
		for _, said := range aside.FindAllStringSubmatch(string(content), -1) {
			if otherwise := table[said[1]].fallback; otherwise != said[2] {
				t.Errorf("%s: %s (%s), and the default is %s", file, said[1], said[2], otherwise)
			}
		}
	}
	for variable := range table {
		if !explained[variable] {
			t.Errorf("no document explains %s", variable)
		}
	}
}
