// Command testcount runs `go test -json` with its own arguments, shows what
// failed, and closes with the true number of tests that passed, failed and
// were skipped. Its exit code is 0 only when something ran and nothing
// failed; with CI set, a skipped test is a failure too.
package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	cmd := exec.CommandContext(ctx, "go", append([]string{"test", "-json"}, os.Args[1:]...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "testcount:", err)
		os.Exit(1)
	}
	c := newCounter(os.Stdout)
	readErr := c.read(out)
	waitErr := cmd.Wait()
	fmt.Printf("%s\n", c.closing())
	if waitErr != nil || readErr != nil || c.passed == 0 || c.failed > 0 || (os.Getenv("CI") != "" && c.skipped > 0) {
		os.Exit(1)
	}
}

// event is one line of `go test -json` (see go doc test2json).
type event struct {
	Action      string
	Package     string
	ImportPath  string
	Test        string
	Output      string
	Elapsed     float64
	FailedBuild string
}

type testID struct{ pkg, test string }

type counter struct {
	out                     io.Writer
	passed, failed, skipped int
	output                  map[testID][]string
	// failedIn tells which packages have a failed test of their own.
	failedIn map[string]bool
}

func newCounter(out io.Writer) *counter {
	return &counter{out: out, output: map[testID][]string{}, failedIn: map[string]bool{}}
}

// read takes events until the end of r. A line that is no event is shown.
func (c *counter) read(r io.Reader) error {
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil || e.Action == "" {
				_, _ = c.out.Write(line)
			} else {
				c.add(e)
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (c *counter) add(e event) {
	id := testID{cmp.Or(e.Package, e.ImportPath), e.Test}
	switch e.Action {
	case "output":
		c.output[id] = append(c.output[id], e.Output)
	case "build-output":
		fmt.Fprint(c.out, e.Output)
	case "pass":
		c.finish(id, &c.passed)
		if e.Test == "" {
			fmt.Fprintf(c.out, "ok    %s  %.1fs\n", e.Package, e.Elapsed)
		}
	case "skip":
		if e.Test != "" {
			c.show(id)
		}
		c.finish(id, &c.skipped)
	case "fail":
		c.show(id)
		if e.Test != "" {
			c.failedIn[e.Package] = true
		} else {
			fmt.Fprintf(c.out, "FAIL  %s  %.1fs\n", e.Package, e.Elapsed)
			if !c.failedIn[e.Package] {
				c.failed++ // it did not build, crashed or ran out of time
			}
		}
		c.finish(id, &c.failed)
	}
}

// finish counts a test, but not a package, and forgets its output.
func (c *counter) finish(id testID, n *int) {
	if id.test != "" {
		*n++
	}
	delete(c.output, id)
}

func (c *counter) show(id testID) {
	for _, line := range c.output[id] {
		fmt.Fprint(c.out, line)
	}
}

func (c *counter) closing() string {
	s := fmt.Sprintf("%d passed, %d failed", c.passed, c.failed)
	if c.skipped > 0 {
		s += fmt.Sprintf(", %d skipped", c.skipped)
	}
	return s
}
