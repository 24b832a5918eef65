package tokens_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"

	"muster/models"
)

func BenchmarkRedeem(b *testing.B) {
	r := newRig(b)
	_, secret := r.create(models.MaxCount)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := r.Redeem(b.Context(), request(secret, "bob")); err != nil {
				b.Error(err)
			}
		}
	})
}

func BenchmarkRefresh(b *testing.B) {
	r := newRig(b)
	issued := r.device()
	for b.Loop() {
		issued = r.refresh(issued.RefreshToken)
	}
}

func BenchmarkIntrospect(b *testing.B) {
	r := newRig(b)
	issued := r.device()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if got, err := r.Introspect(b.Context(), licenceServer, issued.AccessToken); err != nil || !got.Active {
				b.Error("not active", err)
			}
		}
	})
}

// BenchmarkRedeemNaive is what a first draft would do: one connection with
// SQLite's defaults, read the row, decide in Go, write it back. It issues no
// secrets, signs nothing and keeps no trail; compare ratios with that in mind.
func BenchmarkRedeemNaive(b *testing.B) {
	type naiveToken struct {
		ID          string
		Count, Used int
		ExpiresAt   time.Time
	}
	type naiveUse struct {
		ID       int
		TokenID  string
		UserName string
		Host     string
	}
	db, err := gorm.Open(sqlite.Open("file:"+filepath.Join(b.TempDir(), "naive.db")), &gorm.Config{})
	if err != nil {
		b.Fatal(err)
	}
	pool, err := db.DB()
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = pool.Close() }()
	pool.SetMaxOpenConns(1)
	err = db.AutoMigrate(&naiveToken{}, &naiveUse{})
	if err == nil {
		err = db.Create(&naiveToken{ID: "t", Count: models.MaxCount, ExpiresAt: start.Add(time.Hour)}).Error
	}
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			err := db.Transaction(func(tx *gorm.DB) error {
				var t naiveToken
				if err := tx.First(&t, "id = ?", "t").Error; err != nil {
					return err
				}
				if t.Used >= t.Count || !start.Before(t.ExpiresAt) {
					return fmt.Errorf("refused")
				}
				t.Used++
				if err := tx.Save(&t).Error; err != nil {
					return err
				}
				return tx.Create(&naiveUse{TokenID: t.ID, UserName: "bob", Host: device}).Error
			})
			if err != nil {
				b.Error(err)
			}
		}
	})
}
