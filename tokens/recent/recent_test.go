package recent_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"muster/tokens/recent"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// reads counts how often it is read, and returns the count.
func reads() func() (int, error) {
	n := 0
	return func() (int, error) {
		n++
		return n, nil
	}
}

func TestRead_RemembersUntilItsLifeIsOver(t *testing.T) {
	t.Parallel()
	c, read := recent.New[int](10, time.Second), reads()
	for _, step := range []struct {
		at   time.Duration
		want int
	}{{0, 1}, {999 * time.Millisecond, 1}, {time.Second, 2}, {1500 * time.Millisecond, 2}, {2 * time.Second, 3}, {0, 4}} {
		if got, err := c.Read("k", noon.Add(step.at), read); got != step.want || err != nil {
			t.Errorf("after %s it is reading %d, not %d; %v", step.at, got, step.want, err)
		}
	}
	if got, _ := c.Read("other", noon, read); got != 5 {
		t.Errorf("another key is reading %d", got)
	}
}

func TestRead_RemembersNoFailure(t *testing.T) {
	t.Parallel()
	c := recent.New[int](10, time.Second)
	broken := errors.New("broken")
	if _, err := c.Read("k", noon, func() (int, error) { return 0, broken }); !errors.Is(err, broken) {
		t.Error(err)
	}
	if got, err := c.Read("k", noon, reads()); got != 1 || err != nil {
		t.Errorf("%d, %v", got, err)
	}
}

// What was read before a change, and comes after it, is not kept.
func TestForget_AlsoWhatIsBeingRead(t *testing.T) {
	t.Parallel()
	c := recent.New[string](10, time.Hour)
	if got, _ := c.Read("k", noon, func() (string, error) {
		c.Forget()
		return "old", nil
	}); got != "old" {
		t.Errorf("it read %q", got)
	}
	for range 2 {
		if got, _ := c.Read("k", noon, func() (string, error) { return "new", nil }); got != "new" {
			t.Errorf("afterwards it reads %q", got)
		}
	}
	c.Forget()
	if got, _ := c.Read("k", noon, func() (string, error) { return "newest", nil }); got != "newest" {
		t.Errorf("forgotten, it reads %q", got)
	}
}

func TestRead_HoldsNoMoreThanItMay(t *testing.T) {
	t.Parallel()
	const most = 100
	c := recent.New[int](most, time.Hour)
	for i := range 50 * most {
		_, _ = c.Read(fmt.Sprint(i), noon, reads())
	}
	recent.CleanUp(c)
	kept := 0
	for i := range 50 * most {
		if _, err := c.Read(fmt.Sprint(i), noon, func() (int, error) { return 0, errors.New("gone") }); err == nil {
			kept++
		}
	}
	if kept > most {
		t.Errorf("%d of %d are remembered", kept, 50*most)
	}
}
