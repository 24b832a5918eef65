package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
)

// The variables name the database that a program works on until it is killed.
const (
	crashVariable   = "MUSTER_STORE_CRASH_DATABASE"
	projectVariable = "MUSTER_STORE_PROJECT_DATABASE"
)

// TestMain turns the test binary into the program that is killed.
func TestMain(m *testing.M) {
	for variable, work := range map[string]func(url string) error{crashVariable: redeemUntilKilled, projectVariable: projectUntilKilled} {
		if url := os.Getenv(variable); url != "" {
			if err := work(url); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			return
		}
	}
	os.Exit(m.Run())
}

// redeemUntilKilled prints the id of each auth token once its redemption is
// acknowledged.
func redeemUntilKilled(url string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, url)
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	out := make(chan string)
	for worker := range 8 {
		wg.Go(func() {
			for i := 0; ; i++ {
				token := "wide"
				if i%10 == 0 {
					token = "narrow" // used up on the way
				}
				c := newConsumption(token, fmt.Sprintf("%d-%d-%d", os.Getpid(), worker, i))
				switch err := redeem(ctx, s, c); {
				case errors.Is(err, models.ErrNotConsumed):
				case err != nil:
					fmt.Fprintln(os.Stderr, err)
					return
				default:
					out <- c.AuthToken.ID
				}
			}
		})
	}
	go func() { wg.Wait(); close(out) }()
	for id := range out {
		fmt.Println(id)
	}
	return errors.New("all workers ended before the kill")
}

func TestRedeem_KilledFiftyTimesLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	url := storetest.SQLite(t)
	s := storetest.Open(t, url)
	for id, count := range map[string]int{"narrow": 50, "wide": models.MaxCount} {
		if err := s.CreateRegistrationToken(t.Context(), newToken(id, count), newEvent("created "+id)); err != nil {
			t.Fatal(err)
		}
	}
	rounds := crashes(t, 5, 50)
	acknowledged := 0
	for range rounds {
		ids := workAndKill(t, crashVariable, url, 1+rand.IntN(60))
		acknowledged += len(ids)
		for _, id := range ids {
			if _, err := s.AuthToken(t.Context(), id); err != nil {
				t.Fatalf("the acknowledged auth token %s: %v", id, err)
			}
		}
		narrow, err := s.RegistrationToken(t.Context(), "narrow")
		if err != nil || narrow.UsedCount > 50 {
			t.Fatalf("the narrow token is %+v, %v", narrow, err)
		}
	}
	if findings, err := s.Check(t.Context()); err != nil || len(findings) > 0 {
		t.Errorf("check after the kills: %v, %v", findings, err)
	}
	t.Logf("%d kills, %d acknowledged redemptions, none lost", rounds, acknowledged)
}

// crashes is how often something crashes: more when a run is recorded.
func crashes(t *testing.T, short, usual int) int {
	t.Helper()
	if text := os.Getenv("MUSTER_TEST_CRASHES"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			t.Fatalf("MUSTER_TEST_CRASHES is %q", text)
		}
		return n
	}
	if testing.Short() {
		return short
	}
	return usual
}

// workAndKill runs a program, kills it a moment after so many acknowledgements,
// and returns all it acknowledged.
func workAndKill(t *testing.T, variable, url string, after int) []string {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program)
	cmd.Env = append(os.Environ(), variable+"="+url)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var ids []string
	lines := bufio.NewReader(stdout)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			break // a line cut by the kill was not acknowledged
		}
		ids = append(ids, strings.TrimSpace(line))
		if len(ids) == after {
			// Random within the next few statements of some worker.
			timer := time.AfterFunc(time.Duration(rand.IntN(3000))*time.Microsecond, func() {
				_ = cmd.Process.Kill() // it may be gone
			})
			defer timer.Stop()
		}
	}
	if err := cmd.Wait(); err == nil || len(ids) < after {
		t.Fatalf("the program was not killed at work (%d of %d): %v %s", len(ids), after, err, stderr.String())
	}
	return ids
}
