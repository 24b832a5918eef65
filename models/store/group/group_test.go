package group_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"muster/models/store/group"
)

// rig is a table of names over a real file, whose commits can be held.
type rig struct {
	*group.Changes[func(tx *gorm.DB) error]
	db      *gorm.DB
	commits atomic.Int64
	// holds, when set, is waited for within each transaction, after entered was told.
	entered, holds chan struct{}
	fails          error
}

func one(tx *gorm.DB, change func(tx *gorm.DB) error) error { return change(tx) }

// atOnce cannot tell which change fails.
func atOnce(tx *gorm.DB, changes []func(tx *gorm.DB) error) ([]error, error) {
	for _, change := range changes {
		if err := change(tx); err != nil {
			return nil, group.Singly(err)
		}
	}
	return nil, nil
}

func newRig(t *testing.T) *rig { return newRigThat(t, group.Each(one)) }

func newRigThat(t *testing.T, together group.Together[func(tx *gorm.DB) error]) *rig {
	t.Helper()
	db, err := gorm.Open(sqlite.Open("file:"+filepath.Join(t.TempDir(), "t.db")+"?_journal_mode=WAL&_txlock=immediate"), &gorm.Config{Logger: logger.Discard, SkipDefaultTransaction: true})
	if err != nil {
		t.Fatal(err)
	}
	pool, err := db.DB()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	pool.SetMaxOpenConns(1)
	if err := db.Exec("CREATE TABLE names (name TEXT PRIMARY KEY)").Error; err != nil {
		t.Fatal(err)
	}
	r := &rig{db: db, entered: make(chan struct{}, 100)}
	r.Changes = group.New(func(ctx context.Context, fn func(tx *gorm.DB) error) error {
		if r.holds != nil {
			r.entered <- struct{}{}
			<-r.holds
		}
		err := r.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
			if err := fn(tx); err != nil {
				return err
			}
			return r.fails
		})
		if err == nil {
			r.commits.Add(1)
		}
		return err
	}, one, together)
	return r
}

func insert(name string) func(tx *gorm.DB) error {
	return func(tx *gorm.DB) error { return tx.Exec("INSERT INTO names VALUES (?)", name).Error }
}

func (r *rig) names(t *testing.T) []string {
	t.Helper()
	var names []string
	if err := r.db.Raw("SELECT name FROM names ORDER BY rowid").Scan(&names).Error; err != nil {
		t.Fatal(err)
	}
	return names
}

// together holds the first change and lets the others come, one after the other,
// before it goes on.
func (r *rig) together(t *testing.T, fns ...func(tx *gorm.DB) error) []error {
	t.Helper()
	r.holds = make(chan struct{})
	errs := make([]error, len(fns))
	var all sync.WaitGroup
	for i, fn := range fns {
		all.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					errs[i] = fmt.Errorf("panic: %v", p)
				}
			}()
			errs[i] = r.Do(t.Context(), "k", fn)
		})
		if i == 0 {
			<-r.entered
		} else {
			for group.Waiting(r.Changes, "k") < i {
				runtime.Gosched()
			}
		}
	}
	close(r.holds)
	all.Wait()
	return errs
}

func TestDo_CommitsTogetherWhatCameDuringACommitInTheOrderItCame(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	want := []string{"a", "z", "b", "y", "c"}
	var fns []func(tx *gorm.DB) error
	for _, name := range want {
		fns = append(fns, insert(name))
	}
	var told []int
	r.Committed = func(changes int, took time.Duration) {
		if told = append(told, changes); took <= 0 {
			t.Errorf("it took %s", took)
		}
	}
	if errs := r.together(t, fns...); errors.Join(errs...) != nil {
		t.Fatal(errs)
	}
	if got := r.names(t); !slices.Equal(got, want) {
		t.Errorf("they were written as %q", got)
	}
	if n := r.commits.Load(); n != 2 {
		t.Errorf("%d commits for one and four that waited", n)
	}
	if !slices.Equal(told, []int{1, 4}) {
		t.Errorf("told of commits of %d", told)
	}
}

func TestDo_OneThatFailsHarmsNoNeighbour(t *testing.T) {
	t.Parallel()
	for name, together := range map[string]group.Together[func(tx *gorm.DB) error]{"one after the other": group.Each(one), "at once": atOnce} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRigThat(t, together)
			refused := errors.New("refused")
			errs := r.together(t, insert("a"), insert("b"),
				func(tx *gorm.DB) error { return errors.Join(insert("half")(tx), refused) },
				insert("b"), // a duplicate
				func(*gorm.DB) error { panic("at the disco") },
				insert("c"))
			if errs[0] != nil || errs[1] != nil || errs[5] != nil {
				t.Errorf("the neighbours: %v", errs)
			}
			if !errors.Is(errs[2], refused) || errs[3] == nil || errs[4] == nil || errs[4].Error() != "panic: at the disco" {
				t.Errorf("the failing: %v", errs)
			}
			if got := r.names(t); !slices.Equal(got, []string{"a", "b", "c"}) {
				t.Errorf("written is %q", got)
			}
		})
	}
}

// One that panics among many that are written at once panics where it was asked for.
func TestDo_APanicAmongManyAtOnceHarmsNoNeighbour(t *testing.T) {
	t.Parallel()
	r := newRigThat(t, atOnce)
	errs := r.together(t, insert("a"), insert("b"), func(*gorm.DB) error { panic("at the disco") }, insert("c"))
	if errs[0] != nil || errs[1] != nil || errs[3] != nil || errs[2] == nil || errs[2].Error() != "panic: at the disco" {
		t.Errorf("told %v", errs)
	}
	if got := r.names(t); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("written is %q", got)
	}
}

func TestDo_WhatIsNotCommittedFailedForAll(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.fails = errors.New("no disk")
	for i, err := range r.together(t, insert("a"), insert("b"), insert("c")) {
		if !errors.Is(err, r.fails) {
			t.Errorf("change %d: %v", i, err)
		}
	}
	if got := r.names(t); len(got) != 0 {
		t.Errorf("written is %q", got)
	}
}

// A transaction that panics, as a driver may, ends for who led it; nobody is left waiting.
func TestDo_ATransactionThatPanicsLeavesNobodyBehind(t *testing.T) {
	t.Parallel()
	changes := group.New(func(context.Context, func(tx *gorm.DB) error) error { panic("the driver") },
		one, group.Each(one))
	func() {
		defer func() {
			if p := recover(); p != "the driver" {
				t.Errorf("it panics with %v", p)
			}
		}()
		_ = changes.Do(t.Context(), "k", insert("a"))
	}()
	if n := group.Led(changes); n != 0 {
		t.Errorf("%d keys still wait for a transaction that is over", n)
	}
}

func TestDo_WhoGaveUpBeforeItsTurnWritesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.holds = make(chan struct{})
	first := make(chan error)
	go func() { first <- r.Do(t.Context(), "k", insert("a")) }()
	<-r.entered
	ctx, cancel := context.WithCancel(t.Context())
	second := make(chan error)
	go func() { second <- r.Do(ctx, "k", insert("b")) }()
	for group.Waiting(r.Changes, "k") < 1 {
		runtime.Gosched()
	}
	cancel()
	if err := <-second; !errors.Is(err, context.Canceled) {
		t.Errorf("it says %v", err)
	}
	close(r.holds)
	if err := <-first; err != nil {
		t.Error(err)
	}
	if err := r.Do(t.Context(), "k", insert("c")); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	if got := r.names(t); !slices.Equal(got, []string{"a", "c"}) {
		t.Errorf("written is %q", got)
	}
}

func TestDo_WhoAsksWhileTooManyWaitIsTold(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.holds = make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() { _ = r.Do(t.Context(), "k", insert("first")) })
	<-r.entered
	for i := range group.MostWaiting {
		all.Go(func() {
			if err := r.Do(t.Context(), "k", insert(fmt.Sprint(i))); err != nil {
				t.Error(err)
			}
		})
	}
	for group.Waiting(r.Changes, "k") < group.MostWaiting {
		runtime.Gosched()
	}
	if n := r.Depth(); n != group.MostWaiting {
		t.Errorf("it says that %d wait", n)
	}
	if err := r.Do(t.Context(), "k", insert("late")); !errors.Is(err, group.ErrFull) {
		t.Errorf("one too many: %v", err)
	}
	close(r.holds)
	all.Wait()
	if got := len(r.names(t)); got != group.MostWaiting+1 {
		t.Errorf("%d were written", got)
	}
}

// Many at once, some of which fail and some of which give up: each that was told it
// is written is, and no other.
func TestDo_SaysWhatIsTrueUnderLoad(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var mu sync.Mutex
	var told []string
	var all sync.WaitGroup
	for i := range 400 {
		all.Go(func() {
			name := fmt.Sprintf("n%03d", i)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if i%7 == 0 {
				go cancel()
			}
			err := r.Do(ctx, "k", func(tx *gorm.DB) error {
				if err := insert(name)(tx); err != nil || i%5 != 0 {
					return err
				}
				return errors.New("changed its mind")
			})
			if err == nil {
				mu.Lock()
				told = append(told, name)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	written := r.names(t)
	slices.Sort(written)
	slices.Sort(told)
	if !slices.Equal(written, told) {
		t.Errorf("told %d, written %d", len(told), len(written))
	}
	if n := r.commits.Load(); n >= 400 {
		t.Errorf("%d commits", n)
	}
}
