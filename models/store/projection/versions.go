package projection

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"
)

// rulesVersion goes up when the rules of who is whom change, those of words or masks,
// or what is derived; then everything is derived anew.
const rulesVersion = 2

// fingerprintOf tells whether what is derived is what would be derived now.
func fingerprintOf(serviceAccounts []string) string {
	accounts := slices.Compact(slices.Sorted(slices.Values(serviceAccounts)))
	sum := sha256.Sum256([]byte(strings.Join(accounts, "\x00")))
	return strconv.Itoa(rulesVersion) + "-" + hex.EncodeToString(sum[:8])
}

// mixed is the fingerprint of a version that several rules worked at, which is
// nobody's: it is kept up, and derived anew.
const mixed = "mixed"

// Current is the condition that rows of a table belong to the version that is
// read: the newest whole one. It is part of each statement, so that a switch
// cannot come in between.
const Current = "version = (SELECT MAX(version) FROM desk_state WHERE whole)"

// tables have rows of versions.
var tables = []string{"desk_uses", "desk_sightings", "desk_names", "desk_pending", "desk_words"}

// states reads all versions, the oldest first.
func states(db *gorm.DB) ([]state, error) {
	var all []state
	err := db.Order("version").Find(&all).Error
	return all, err
}

// newestOf is the newest version that has something; nil for none.
func newestOf(all []state, has func(*state) bool) *state {
	for i := len(all) - 1; i >= 0; i-- {
		if has(&all[i]) {
			return &all[i]
		}
	}
	return nil
}

func isWhole(s *state) bool { return s.Whole }

func (p *Projector) isOurs(s *state) bool { return s.Fingerprint == p.fingerprint }

// begin adds a version of ours after all others, if none of the others keeps it
// from that; 0 if so. One of ours that was to take the place of what is read goes on.
func (p *Projector) begin(ctx context.Context, unless func(all []state) bool) (int64, error) {
	version := int64(0)
	err := p.db.Change(ctx, func(tx *gorm.DB) error {
		if isPostgres(tx) { // others may begin one too
			if err := tx.Exec("LOCK TABLE desk_state IN SHARE ROW EXCLUSIVE MODE").Error; err != nil {
				return err
			}
		}
		all, err := states(tx)
		if err != nil || unless(all) {
			return err
		}
		read := newestOf(all, isWhole)
		if ours := newestOf(all, p.isOurs); ours != nil && !ours.Whole && (read == nil || ours.Version > read.Version) {
			version = ours.Version
			return nil
		}
		version = 1
		if len(all) > 0 {
			version += all[len(all)-1].Version
		}
		return tx.Create(&state{Version: version, Rules: rulesVersion, Fingerprint: p.fingerprint}).Error
	})
	return version, err
}

// beginFirst begins a version if there is none, and reports whether it did.
func (p *Projector) beginFirst(ctx context.Context) (bool, error) {
	version, err := p.begin(ctx, func(all []state) bool { return len(all) > 0 })
	return version > 0, err
}

// beginOurs begins one if the newest has other rules, unless they are those of a
// later release.
func (p *Projector) beginOurs(ctx context.Context) error {
	_, err := p.begin(ctx, func(all []state) bool {
		if len(all) == 0 {
			return false
		}
		newest := &all[len(all)-1]
		return p.isOurs(newest) || newest.Rules > rulesVersion
	})
	return err
}

// drop removes what is older than our newest whole version: its state, so that
// nobody goes on with it, then its rows, at most limit of each table. It reports
// whether it removed any.
func (p *Projector) drop(ctx context.Context, limit int) (bool, error) {
	dropped := int64(0)
	err := p.db.Change(ctx, func(tx *gorm.DB) error {
		all, err := states(tx)
		if err != nil {
			return err
		}
		ours := newestOf(all, func(s *state) bool { return s.Whole && p.isOurs(s) })
		if ours == nil {
			return nil
		}
		if err := tx.Where("version < ?", ours.Version).Delete(&state{}).Error; err != nil {
			return err
		}
		in := "DELETE FROM %[1]s WHERE (%[2]s) IN (SELECT %[2]s FROM %[1]s WHERE version < ? ORDER BY version LIMIT ?)"
		if isPostgres(tx) {
			in = "DELETE FROM %[1]s WHERE ctid = ANY (ARRAY(SELECT ctid FROM %[1]s WHERE version < ? ORDER BY version LIMIT ?))"
		}
		for _, table := range tables {
			key := "rowid"
			if table == "desk_words" { // which has none
				key = "version, form, word, id"
			}
			done := tx.Exec(fmt.Sprintf(in, table, key), ours.Version, limit)
			dropped += done.RowsAffected
			if done.Error != nil {
				return done.Error
			}
		}
		return nil
	})
	return dropped > 0, err
}
