package models

// ClaimedIdentity is what the device reported about itself. It is never proof
// (rule 15), and never a reason not to take a count.
type ClaimedIdentity struct {
	SystemUserName string
	FQDN           string `gorm:"column:fqdn"`
	MACAddress     string `gorm:"column:mac_address"`
	Identifier     string
	RefID1         string `gorm:"column:ref_id_1"`
	RefID2         string `gorm:"column:ref_id_2"`
}

// ClaimedField is one thing that a device reports about itself.
type ClaimedField struct {
	// Name is used by API and forms, OAuthName by the token endpoint (empty where
	// it has no such parameter), Column by the tables.
	Name, OAuthName, Column string
	// MaxLength is in characters (rule 16).
	MaxLength int
	// Of returns a pointer to the field.
	Of func(*ClaimedIdentity) *string
}

// ClaimedFields lists every one. A new one goes last: bodies of redemptions are
// digested, and errors listed, in this order.
var ClaimedFields = []ClaimedField{
	{"systemUserName", "system_user_name", "system_user_name", MaxNameLength, func(c *ClaimedIdentity) *string { return &c.SystemUserName }},
	{"fqdn", "fqdn", "fqdn", MaxNameLength, func(c *ClaimedIdentity) *string { return &c.FQDN }},
	{"macAddress", "mac_address", "mac_address", MaxIdentifierLength, func(c *ClaimedIdentity) *string { return &c.MACAddress }},
	{"identifier", "identifier", "identifier", MaxIdentifierLength, func(c *ClaimedIdentity) *string { return &c.Identifier }},
	{"refId1", "", "ref_id_1", MaxIdentifierLength, func(c *ClaimedIdentity) *string { return &c.RefID1 }},
	{"refId2", "", "ref_id_2", MaxIdentifierLength, func(c *ClaimedIdentity) *string { return &c.RefID2 }},
}

// Check says what is wrong with the claimed identity of a redemption: a system
// user name or a host name is needed, lengths and characters as in rule 16.
func (c ClaimedIdentity) Check() []FieldError {
	var fields []FieldError
	for _, f := range ClaimedFields {
		if bad := CheckText(f.Name, *f.Of(&c), f.MaxLength, false); bad != nil {
			fields = append(fields, *bad)
		}
	}
	if c.SystemUserName == "" && c.FQDN == "" {
		fields = append(fields, FieldError{
			Field:   "systemUserName",
			Message: "Give the system user name or the host name (fqdn); at least one of them is needed.",
			Rule:    RuleIdentityMissing,
		})
	}
	return fields
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

// Lengths, in characters (rule 16).
const (
	MaxNameLength       = 320 // system user name, FQDN
	MaxIdentifierLength = 255 // identifier, refs, MAC address
	MaxReasonLength     = 500
	MaxNoteLength       = 4000
	MaxUserAgentLength  = 256
)
