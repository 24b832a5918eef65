package models

// ClaimedIdentity is what the device reported of itself. It is never proof
// and never a reason to skip a count.
type ClaimedIdentity struct {
	SystemUserName string
	FQDN           string `gorm:"column:fqdn"`
	MACAddress     string `gorm:"column:mac_address"`
	Identifier     string
	RefID1         string `gorm:"column:ref_id_1"`
	RefID2         string `gorm:"column:ref_id_2"`
}

// VerifiedIdentity is who the redeemer was signed in as; zero when nobody
// was. A person is the pair of issuer and subject, never an e-mail address.
type VerifiedIdentity struct {
	Issuer  string `gorm:"column:verified_issuer"`
	Subject string `gorm:"column:verified_subject"`
	Email   string `gorm:"column:verified_email"`
}

// IsZero reports whether nobody was signed in.
func (v VerifiedIdentity) IsZero() bool { return v.Issuer == "" && v.Subject == "" }

// ActorID is the id of an [Actor] for this person: issuer, space, subject. An
// issuer is a URL and holds no space.
func (v VerifiedIdentity) ActorID() string { return v.Issuer + " " + v.Subject }

// Origin is what the server observed of a request.
type Origin struct {
	IP        string
	UserAgent string // at most 256 characters
	Channel   Channel
	RequestID string
}

// Lengths, in characters (PRODUCT section 5).
const (
	MaxNameLength       = 320 // system user name, FQDN
	MaxIdentifierLength = 255 // identifier, refs, MAC address
	MaxReasonLength     = 500
	MaxNoteLength       = 4000
	MaxUserAgentLength  = 256
)
