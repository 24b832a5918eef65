package store

import (
	"database/sql"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/listing"
	"muster/models/store/projection"
)

// sharing is one way in which auth tokens belong together. The projection marks
// those that share a key with others that have not ended, so that an index lists
// them. Whether the others can still be used depends on the time.
type sharing struct {
	key, mark string
	// list keeps those with the same key together.
	list listing.List[deskRow]
}

var sharings = map[models.AuthTokenLens]sharing{
	models.LensSharedDevice: {"device", "several_on_device", listing.List[deskRow]{
		Name: "authTokensOnDevice", Newest: listing.By("device", func(r *deskRow) any { return r.Device }), ID: deskList.ID,
	}},
	models.LensSharedPerson: {"person", "several_of_person", listing.List[deskRow]{
		Name: "authTokensOfPerson", Newest: listing.By("person", func(r *deskRow) any { return r.Person }), ID: deskList.ID,
	}},
}

// sharingOf is the sharing that a lens looks for, if any: the surplus is of those
// that share a device.
func sharingOf(lens models.AuthTokenLens) (sharing, bool) {
	if lens == models.LensSurplus {
		lens = models.LensSharedDevice
	}
	kind, ok := sharings[lens]
	return kind, ok
}

// narrowBySharing keeps live auth tokens that still share their device or person
// with another one; of the surplus, those of whose device another live one of the
// same registration token was seen later. The other is looked at as it is now.
func narrowBySharing(db *gorm.DB, lens models.AuthTokenLens, now time.Time) *gorm.DB {
	kind, _ := sharingOf(lens)
	narrower, args := "", []any(nil)
	if lens == models.LensSurplus {
		narrower = ` AND kept.idle_expires_at > @now AND other.registration_token_id = mine.registration_token_id
			AND (kept.last_seen_at, kept.id) > (mine_now.last_seen_at, mine_now.id) AND (` + samePerson + " OR " + madeRoom + ")"
		args = append(args, sql.Named("now", now.UTC()), sql.Named("grace", now.Add(-models.LensGrace).UTC()))
	}
	rows := db.Statement.Table
	if rows == "" {
		rows = "auth_tokens"
	}
	if rows == "desk_uses" {
		db = db.Where(kind.mark + " AND " + notEnded)
	}
	return db.Where(live.at(now)).Where(`EXISTS (SELECT 1 FROM desk_uses AS mine
		JOIN auth_tokens AS mine_now ON mine_now.id = mine.id
		JOIN desk_uses AS other ON other.version = mine.version AND other.`+kind.key+" = mine."+kind.key+`
			AND other.`+kind.mark+` AND other.deleted_at IS NULL AND other.ended_at IS NULL AND other.customer_id = mine.customer_id AND other.id <> mine.id
		JOIN auth_tokens AS kept ON kept.id = other.id AND kept.deleted_at IS NULL AND kept.ended_at IS NULL
		WHERE mine.`+projection.Current+" AND mine.id = "+rows+".id AND mine."+kind.mark+narrower+")", args...)
}

// Of a machine that several people share each keeps the seat they used last, unless it
// made room for the next one: it had a day to be used and was not, since that was made.
// models/verdict judges by the same rule. The later ones are compared with the one that
// would be kept, which is of the same registration token: so SQLite looks for them last.
const (
	samePerson = "(mine.person = other.person OR mine.person = '' OR other.person = '')"
	madeRoom   = `(mine.created_at < @grace
		AND EXISTS (` + laterSeats + `)
		AND NOT EXISTS (` + laterSeats + ` AND later.created_at < mine_now.last_seen_at))`
	laterSeats = `SELECT 1 FROM desk_uses AS later JOIN auth_tokens AS later_now ON later_now.id = later.id
			AND later_now.deleted_at IS NULL AND later_now.ended_at IS NULL AND later_now.idle_expires_at > @now
		WHERE later.version = mine.version AND later.device = mine.device AND later.several_on_device AND later.deleted_at IS NULL AND later.ended_at IS NULL
			AND later.registration_token_id = kept.registration_token_id AND (later.created_at, later.id) > (mine.created_at, mine.id)`
)

const notEnded = "deleted_at IS NULL AND ended_at IS NULL"
