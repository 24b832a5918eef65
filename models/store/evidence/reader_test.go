package evidence_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"gorm.io/gorm"

	"muster/models/names"
	"muster/models/store/evidence"
)

// Those who wait for one who reads the same hold no transaction, so no connection,
// and do not wait longer than they want to. Another registration token is read
// meanwhile.
func TestReader_WhoWaitsHoldsNoTransaction(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		reader, finish, errRead := evidence.NewReader(names.New()), make(chan struct{}), errors.New("read")
		var began atomic.Int64
		snapshot := func(context.Context, func(*gorm.DB) error) error {
			began.Add(1)
			<-finish
			return errRead
		}
		answers := make(chan error, 10)
		view := func(ctx context.Context, registrationTokenID string) {
			go func() {
				_, err := reader.Read(ctx, snapshot, registrationTokenID)
				answers <- err
			}()
			synctest.Wait()
		}
		for range 8 {
			view(t.Context(), "large")
		}
		leaving, leave := context.WithCancel(t.Context())
		view(leaving, "large")
		if began := began.Load(); began != 1 {
			t.Fatalf("%d transactions while one reads and 8 wait", began)
		}
		leave()
		if err := <-answers; !errors.Is(err, context.Canceled) {
			t.Errorf("who leaves gets %v", err)
		}
		view(t.Context(), "other")
		if began.Load() != 2 {
			t.Error("another registration token waits as well")
		}
		close(finish)
		for range 9 {
			if err := <-answers; !errors.Is(err, errRead) {
				t.Errorf("who waited gets %v", err)
			}
		}
		if n := began.Load(); n != 9 {
			t.Errorf("%d transactions for the 9 who stayed", n)
		}
	})
}
