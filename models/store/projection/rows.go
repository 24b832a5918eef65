package projection

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"muster/models/names"
)

// state is how far a version is.
type state struct {
	Version     int64 `gorm:"primaryKey"`
	Rules       int
	Fingerprint string
	// Changed and AuthTokenID are the checkpoint: the last change that is in it.
	Changed     int64
	AuthTokenID string
	// Batch is the number of the last transaction that wrote to it.
	Batch int64
	// Whole is true once everything was in it.
	Whole bool
}

// TableName implements GORM's Tabler.
func (state) TableName() string { return "desk_state" }

// pending is work that did not fit into the transaction it came from: the
// sightings of a local name, or the uses of a sighting, that come after one.
type pending struct {
	Version       int64  `gorm:"primaryKey"`
	CustomerID    string `gorm:"primaryKey"`
	Local         string `gorm:"primaryKey"`
	SightingID    int64  `gorm:"primaryKey;autoIncrement:false"`
	AfterSighting int64
	AfterUse      string
}

// TableName implements GORM's Tabler.
func (pending) TableName() string { return "desk_pending" }

// knownName is a domain and a subject under which a local name is known.
type knownName struct {
	Version    int64
	CustomerID string
	Local      string
	Domain     string
	Subject    string
}

// TableName implements GORM's Tabler.
func (knownName) TableName() string { return "desk_names" }

func (n knownName) name() names.Name { return names.Name{Domain: n.Domain, Subject: n.Subject} }

// sighting is one distinct thing that uses of a customer said about who and where.
type sighting struct {
	ID             int64 `gorm:"primaryKey"`
	Version        int64
	CustomerID     string
	Digest         string
	Local          string
	Domain         string
	Subject        string
	IsNobody       bool
	Account        string
	Label          string
	Host           string
	MAC            string `gorm:"column:mac"`
	names.Identity `gorm:"embedded"`
}

// TableName implements GORM's Tabler.
func (sighting) TableName() string { return "desk_sightings" }

func newSighting(version int64, customerID string, p names.Parsed) *sighting {
	return &sighting{
		Version: version, CustomerID: customerID, Digest: digestOf(p),
		Local: p.Local, Domain: p.Domain, Subject: p.Subject, IsNobody: p.Nobody, Account: p.Account,
		Label: p.Label, Host: p.Host, MAC: p.MAC,
	}
}

func (s *sighting) parsed() names.Parsed {
	return names.Parsed{
		Local: s.Local, Domain: s.Domain, Subject: s.Subject, Nobody: s.IsNobody, Account: s.Account,
		Label: s.Label, Host: s.Host, MAC: s.MAC,
	}
}

// digestOf tells parsed sightings apart: an index on all their fields would be
// too wide.
func digestOf(p names.Parsed) string {
	// A struct of texts always marshals.
	text, _ := json.Marshal(p)
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

// use is one auth token as the desk sees it. Columns that auth_tokens has too are
// named as there.
type use struct {
	Version             int64  `gorm:"primaryKey;autoIncrement:false"`
	ID                  string `gorm:"primaryKey"`
	RegistrationTokenID string
	CustomerID          string
	SystemUserName      string
	FQDN                string `gorm:"column:fqdn"`
	MACAddress          string `gorm:"column:mac_address"`
	Identifier          string
	RefID1              string `gorm:"column:ref_id_1"`
	RefID2              string `gorm:"column:ref_id_2"`
	VerifiedEmail       string
	IP                  string
	CreatedAt           time.Time
	LastSeenAt          time.Time
	IdleExpiresAt       time.Time
	EndedAt             *time.Time
	DeletedAt           *time.Time
	Generation          int
	CountReclaimed      bool
	Unexpected          bool
	SightingID          int64
	names.Identity      `gorm:"embedded"`
	Account             string
	Network             string
	Domain              string
	SeveralOnDevice     bool
	SeveralOfPerson     bool
	// Words are those in desk_words, each after the digit of its form.
	Words string
	// Batch is the transaction that wrote what a verdict is judged by.
	Batch int64
}

// TableName implements GORM's Tabler.
func (use) TableName() string { return "desk_uses" }

func (u *use) open() bool { return u.DeletedAt == nil && u.EndedAt == nil }
