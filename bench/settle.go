package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"time"
)

const (
	// settleWithin is how long a server may go on with what it was asked.
	settleWithin = 5 * time.Minute
	// upToDate is how old what the desk asks is, in seconds, where nothing is left to do.
	upToDate = 0.5
)

var lag = regexp.MustCompile(`(?m)^muster_projection_lag_seconds (\S+)$`)

// caughtUp waits until everything is in what the desk asks of Muster. The next turn would
// otherwise pay for this one.
func caughtUp(ctx context.Context, metrics string) error {
	ctx, done := context.WithTimeout(ctx, settleWithin)
	defer done()
	for ctx.Err() == nil {
		behind, err := lagOf(ctx, metrics)
		if err != nil {
			return err
		}
		if behind < upToDate {
			return nil
		}
		<-time.After(200 * time.Millisecond) // asking costs the server something too
	}
	return errors.New("what the desk asks is still behind")
}

func lagOf(ctx context.Context, metrics string) (seconds float64, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+metrics+"/metrics", http.NoBody)
	if err != nil {
		return 0, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	text, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		return 0, err
	}
	found := lag.FindSubmatch(text)
	if found == nil {
		return 0, fmt.Errorf("the metrics say nothing of the projection:\n%.300s", text)
	}
	return strconv.ParseFloat(string(found[1]), 64)
}
