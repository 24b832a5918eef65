package main

import (
	"strings"
	"testing"
)

func TestCounter_CountsTestsNotPackages(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	c := newCounter(&out)
	err := c.read(strings.NewReader(`{"Action":"run","Package":"a","Test":"TestOne"}
{"Action":"output","Package":"a","Test":"TestOne","Output":"quiet words\n"}
{"Action":"pass","Package":"a","Test":"TestOne"}
{"Action":"output","Package":"a","Test":"TestTwo","Output":"loud words\n"}
{"Action":"fail","Package":"a","Test":"TestTwo"}
{"Action":"skip","Package":"a","Test":"TestThree"}
{"Action":"fail","Package":"a","Elapsed":1.5}
{"Action":"skip","Package":"b"}
{"Action":"build-output","ImportPath":"c","Output":"c/c.go:1: syntax error\n"}
{"Action":"fail","Package":"c","FailedBuild":"c"}
not an event
`))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.closing(), "1 passed, 2 failed, 1 skipped"; got != want {
		t.Errorf("closing %q, want %q", got, want)
	}
	for _, want := range []string{"loud words", "syntax error", "FAIL  a", "not an event"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not shown in:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "quiet words") {
		t.Error("the output of a test that passed is shown")
	}
}
