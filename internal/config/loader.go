package config

import (
	"fmt"
	"slices"
	"strings"
)

// loader reads settings one by one and collects what is wrong with them.
type loader struct {
	env      Environment
	flag     func(variable string) string
	problems Problems
	warnings []string
}

// input is the text of one setting on its way into the Config.
type input struct {
	*loader
	variable, text string
	source         source
}

// source says where a text comes from.
type source int

const (
	fromDefault source = iota
	fromEnvironment
	fromFlag
)

// value is the kind of a setting: read checks the text and fills the Config, show
// prints the effective value, placeholder stands for it in --help.
type value struct {
	placeholder string
	read        func(input)
	show        func() string
}

// shownAs replaces how the effective value is shown.
func (v value) shownAs(show func() string) value {
	v.show = show
	return v
}

// load reads one setting. An unusable text leaves the default in place, unless the
// kind of value says otherwise.
func (l *loader) load(s setting) {
	in := l.find(s)
	if strings.Contains(in.text, "\ufeff") {
		l.wrong("%s contains a byte order mark; save its source as UTF-8 without BOM.", s.variable)
		return
	}
	if s.fallback != "" {
		s.read(input{l, s.variable, s.fallback, fromDefault})
	}
	switch {
	case in.text != "":
		s.read(in)
	case s.required != "" && !l.reported(s.variable):
		l.problems.Missing = append(l.problems.Missing, s.variable+" is not set; "+s.required+".")
	}
}

// find returns the flag, the variable or the content of its file, in that order.
func (l *loader) find(s setting) input {
	in := input{l, s.variable, strings.TrimSpace(l.flag(s.variable)), fromFlag}
	if in.text == "" {
		in.text, in.source = l.lookup(s.variable), fromEnvironment
		if s.secret {
			in.text = l.secretFile(s.variable, in.text)
		}
	}
	return in
}

// lookup returns a variable. An empty one counts as not set, as in compose files and
// charts.
func (l *loader) lookup(variable string) string {
	v, _ := l.env.Lookup(variable)
	return strings.TrimSpace(v)
}

// refuse reports a setting that cannot be set with --dev.
func (l *loader) refuse(s setting) {
	for _, variable := range []string{s.variable, s.variable + "_FILE"} {
		if l.flag(variable) != "" || l.lookup(variable) != "" {
			l.wrong("%s cannot be set with --dev, %s.", variable, s.dev)
		}
	}
}

func (l *loader) wrong(format string, args ...any) {
	l.problems.Wrong = append(l.problems.Wrong, fmt.Sprintf(format, args...))
}

func (l *loader) warn(format string, args ...any) {
	l.warnings = append(l.warnings, fmt.Sprintf(format, args...))
}

// reported is true if a problem of the variable is listed already, so that one
// mistake is not reported twice.
func (l *loader) reported(variable string) bool {
	return slices.ContainsFunc(l.problems.Wrong, func(p string) bool { return strings.HasPrefix(p, variable) })
}

func (l *loader) err() error {
	if len(l.problems.Wrong)+len(l.problems.Missing) == 0 {
		return nil
	}
	return &l.problems
}
