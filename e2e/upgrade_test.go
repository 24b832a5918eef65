package e2e

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"muster/internal/test/postgres"
)

// TestUpgrade_OldAndNewServeSideBySide migrates a database while this release serves
// it, then adds a replica of the next one: nobody is turned away meanwhile.
func TestUpgrade_OldAndNewServeSideBySide(t *testing.T) {
	t.Parallel()
	next := filepath.Join(t.TempDir(), "muster")
	if out, err := exec.Command("go", "build", "-race", "-tags", "nextrelease", "-o", next, "muster/cmd/muster").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cluster, err := postgres.Start(postgres.Fast...)
	if err != nil {
		t.Fatal(err)
	}
	if err := cluster.Exec(t.Context(), "CREATE DATABASE muster"); err != nil {
		t.Fatal(err)
	}
	replica := func(binary string) *program {
		p := newProgram(t)
		p.binary = binary
		p.env = []string{"MUSTER_DATABASE_URL=" + cluster.URL("muster"), "MUSTER_MASTER_KEY=" + base64.StdEncoding.EncodeToString(make([]byte, 32))}
		return p
	}
	running := func(p *program) *program {
		p.start()
		t.Cleanup(p.stop)
		return p
	}
	old := running(replica(""))
	id, secret := old.createToken(old.bearer("admin"), 1000)

	var asks sync.WaitGroup
	stop := make(chan struct{})
	taken := make([]int, 4)
	for client := range taken {
		asks.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					taken[client] = n
					return
				default:
				}
				if status, body, err := old.try(t.Context(), http.MethodPost, "/token/api/v5/authTokens", secret,
					claimsOf(fmt.Sprintf("person-%d-%d", client, n), "pc.contoso.example")); err != nil || status != http.StatusCreated {
					t.Errorf("redeem: %d, %v: %s", status, err, body)
					taken[client] = n
					return
				}
			}
		})
	}
	upgraded := replica(next)
	if out, err := upgraded.run("migrate"); err != nil {
		t.Fatalf("muster migrate: %v\n%s\n%s", err, out, upgraded.logs)
	}
	running(upgraded)
	old.call(http.MethodGet, "/readyz", "", nil, http.StatusOK, nil)
	used := 0
	for range 5 { // each replica takes
		for _, p := range []*program{old, upgraded} {
			p.call(http.MethodPost, "/token/api/v5/authTokens", secret, claimsOf(fmt.Sprintf("later-%d", used), "pc.contoso.example"), http.StatusCreated, nil)
			used++
		}
	}
	close(stop)
	asks.Wait()
	for _, n := range taken {
		used += n
	}
	// A replica of before starts again, as one that crashed would.
	again := running(replica(""))
	if out, err := again.run("migrate"); err != nil {
		t.Errorf("muster migrate of the release before: %v\n%s", err, out)
	}
	for _, p := range []*program{old, again, upgraded} {
		var answer struct {
			RegistrationToken struct{ UsedCount int } `json:"registrationToken"`
		}
		p.call(http.MethodGet, "/token/api/v5/registrationTokens/"+id, p.bearer("admin"), nil, http.StatusOK, &answer)
		if answer.RegistrationToken.UsedCount != used {
			t.Errorf("%d were taken, the count says %d", used, answer.RegistrationToken.UsedCount)
		}
		p.check()
	}
}
