package e2e

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"
)

// TestKill_LosesNoAcknowledgedAuthToken kills the program with SIGKILL in the
// middle of concurrent redemptions, 50 times (rule 1).
func TestKill_LosesNoAcknowledgedAuthToken(t *testing.T) {
	t.Parallel()
	const kills, redeemers, small = 50, 8, 7
	p := startProgram(t)
	admin := p.bearer("admin")
	bigID, big := p.createToken(admin, 100_000)

	acknowledged := map[string]bool{}
	smallIDs := []string{}
	for round := range kills {
		smallID, smallSecret := p.createToken(p.bearer("admin"), small)
		smallIDs = append(smallIDs, smallID)
		var (
			mu    sync.Mutex
			group sync.WaitGroup
			once  sync.Once
		)
		// However slow the machine is, something is there to be lost.
		first := make(chan struct{})
		for worker := range redeemers {
			group.Go(func() {
				for n := 0; ; n++ {
					secret := big
					if n%2 == 1 {
						secret = smallSecret
					}
					status, body, err := p.try(t.Context(), "POST", "/token/api/v5/authTokens", secret, map[string]any{
						"authToken": map[string]any{"systemUserName": fmt.Sprintf("user-%d-%d-%d", round, worker, n)},
					})
					if err != nil {
						return // the program is dead
					}
					if status >= http.StatusInternalServerError {
						t.Errorf("redeem: status %d: %s", status, body)
						return
					}
					if status != http.StatusCreated {
						continue
					}
					var answer struct {
						AuthToken struct{ ID string } `json:"authToken"`
					}
					if err := json.Unmarshal(body, &answer); err != nil {
						t.Errorf("redeem: %v: %s", err, body)
						return
					}
					mu.Lock()
					acknowledged[answer.AuthToken.ID] = true
					mu.Unlock()
					once.Do(func() { close(first) })
				}
			})
		}
		select {
		case <-first:
		case <-time.After(30 * time.Second):
			t.Error("no redemption was acknowledged in 30 seconds")
		}
		<-time.After(rand.N(150 * time.Millisecond))
		p.kill()
		group.Wait()
		p.start()
	}

	if len(acknowledged) < kills {
		t.Fatalf("only %d redemptions were acknowledged; the test proves nothing", len(acknowledged))
	}
	p.check()
	admin = p.bearer("admin")
	for _, id := range append(smallIDs, bigID) {
		for pageToken := ""; ; {
			var list struct {
				AuthTokens struct {
					AuthToken     []struct{ ID string } `json:"authToken"`
					NextPageToken string                `json:"nextPageToken"`
				} `json:"authTokens"`
			}
			p.call("GET", "/token/api/v5/authTokens?pageSize=500&registrationToken="+id+pageToken, admin, nil, http.StatusOK, &list)
			if id != bigID && len(list.AuthTokens.AuthToken) > small {
				t.Errorf("a count of %d gave %d auth tokens", small, len(list.AuthTokens.AuthToken))
			}
			for _, authToken := range list.AuthTokens.AuthToken {
				delete(acknowledged, authToken.ID)
			}
			if list.AuthTokens.NextPageToken == "" {
				break
			}
			pageToken = "&pageToken=" + list.AuthTokens.NextPageToken
		}
	}
	if len(acknowledged) > 0 {
		t.Errorf("%d acknowledged auth tokens are lost", len(acknowledged))
	}
}
