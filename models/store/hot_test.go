package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store"
)

// While pages have every connection that is theirs, devices get their answers: on
// PostgreSQL also redemptions and refreshes, on SQLite all that waits for nothing but the
// one writer.
func TestHot_PagesKeepNoDeviceWaiting(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, s *store.Store) {
		fill(t, s)
		ctx, done := context.WithCancel(t.Context())
		var pages sync.WaitGroup
		defer pages.Wait()
		defer done()
		full := make(chan struct{})
		var once sync.Once
		for range 64 { // more than there are connections
			pages.Go(func() {
				err := s.Snapshot(ctx, func(tx *gorm.DB) error {
					for _, p := range s.Pools() {
						if p.Name != "hot" && p.Name != "write" && p.InUse == p.MaxOpenConnections {
							once.Do(func() { close(full) })
						}
					}
					<-ctx.Done()
					return nil
				})
				if err != nil && ctx.Err() == nil {
					t.Error(err)
				}
			})
		}
		<-full
		devices, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		for name, ask := range map[string]func() error{
			"the standing": func() error { _, err := s.Standing(devices, "auth 1"); return err },
			"the family":   func() error { _, err := s.Family(devices, "auth 1"); return err },
			"an API key": func() error {
				if _, err := s.APIKeyByDigest(devices, sum("none")); models.ErrorKind(err) != models.KindNotFound {
					return errors.Join(err, errors.New("not found is expected"))
				}
				return nil
			},
			"the registration token": func() error {
				_, err := s.RegistrationTokenByDigest(devices, newToken("t", 1).SecretDigest)
				return err
			},
			"a redemption": func() error { return redeem(devices, s, newConsumption("t", "hot")) },
			"a refresh": func() error {
				ok, err := s.RotateRefreshToken(devices, "auth 1", func() models.Rotation { return rotation("refresh 1", "next") })
				if !ok {
					return errors.Join(err, errors.New("not rotated"))
				}
				return err
			},
		} {
			if err := ask(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
