// Package secrets has the form of the secrets that Muster gives out: how they are made,
// read, recognised and digested.
package secrets

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"net/url"
	"regexp"
	"strings"

	"muster/models"
)

// Kind is the prefix of a secret; it says what the secret is for.
type Kind string

// The kinds of secret (rule 10).
const (
	RegistrationToken Kind = "mrt_"
	RefreshToken      Kind = "mrf_"
	APIKey            Kind = "mak_"
)

// Pattern matches every secret as it is printed. It is published so
// that secret scanners, proxies and log filters can look for it.
const Pattern = `\b(?:m(?:rt|ak)_[0-9a-hjkmnp-tv-z]{65}|mrf_[0-9a-hjkmnp-tv-z]{81})\b`

// MaxLength is the largest length of a presented secret, in bytes; anything
// longer is refused unread.
const MaxLength = 200

// What can be wrong with a presented secret before anything is looked up.
// None of them is a guess (rule 11).
var (
	// ErrMalformed: it is not a secret of ours at all.
	ErrMalformed = errors.New("not a secret of this service")
	// ErrOtherKind: it is well-formed, but of another kind.
	ErrOtherKind = errors.New("a secret of another kind")
	// ErrMistyped: the prefix is right, but a character is missing, wrong
	// or one too many.
	ErrMistyped = errors.New("a mistyped secret")
)

// What secrets are made of: a prefix, then characters of the alphabet, the first of them
// the public id, a ULID.
const (
	Alphabet     = "0123456789abcdefghjkmnpqrstvwxyz" // Crockford's base32
	PrefixLength = 4
	IDLength     = 26
)

const (
	familyLength   = 16 // 10 random bytes
	familyBytes    = 10
	randomLength   = 32 // 20 random bytes
	randomBytes    = 20
	checksumLength = 7 // 4 bytes
)

var encoding = base32.NewEncoding(Alphabet).WithPadding(base32.NoPadding)

// Parsed is a well-formed secret in its canonical spelling.
//
// A registration token and an API key are prefix, public id, 160 random bits
// and checksum. A refresh token also carries a family tag of 80 random bits
// that all refresh tokens of one auth token share. The tag lets one row hold
// all that is needed to tell an old refresh token (reuse, which ends the family)
// from an invented one (a guess, which ends nothing) however often the family was
// rotated: the digest of the tag stays, and only the newest two refresh tokens
// need digests of their own.
type Parsed struct {
	Kind Kind
	// ID is the public id of the row the secret belongs to.
	ID        string
	canonical string
}

// Secret returns the canonical spelling.
func (p Parsed) Secret() models.Secret { return models.Secret(p.canonical) }

// String implements fmt.Stringer: what may be shown, never the secret part.
func (p Parsed) String() string { return string(p.Kind) + p.ID + "[redacted]" }

// GoString implements fmt.GoStringer.
func (p Parsed) GoString() string { return p.String() }

// Digest returns the SHA-256 of the canonical spelling, 32 bytes.
func (p Parsed) Digest() []byte { return Digest(models.Secret(p.canonical)) }

// FamilyTag is the part all refresh tokens of a family share.
func (p Parsed) FamilyTag() string {
	if p.Kind != RefreshToken {
		return ""
	}
	start := PrefixLength + IDLength
	return p.canonical[start : start+familyLength]
}

// FamilyDigest returns the SHA-256 of id and family tag of a refresh token,
// 32 bytes; nil for other kinds.
func (p Parsed) FamilyDigest() []byte {
	tag := p.FamilyTag()
	if tag == "" {
		return nil
	}
	return Digest(models.Secret(p.ID + tag))
}

// Digest returns the SHA-256 of a secret, 32 bytes. The secrets carry 160
// random bits, so a fast digest is enough (ASVS 6.5.2).
func Digest(secret models.Secret) []byte {
	sum := sha256.Sum256([]byte(secret.Reveal()))
	return sum[:]
}

// Checksum returns the last 7 characters of a secret whose other characters
// are body, prefix included: CRC-32 (IEEE) of body, four bytes big-endian, in
// lower-case Crockford base32 without padding. Clients may use it to tell a
// mistyped secret before they send it.
func Checksum(body string) string {
	var sum [4]byte
	binary.BigEndian.PutUint32(sum[:], crc32.ChecksumIEEE([]byte(body)))
	return encoding.EncodeToString(sum[:])
}

// Parse reads a presented secret of the given kind. White space around
// it is dropped, case does not matter, and o, i and l in the body are read as
// 0, 1 and 1, so that a secret can be typed from paper. It fails with
// ErrMalformed, ErrOtherKind or ErrMistyped.
func Parse(kind Kind, presented string) (Parsed, error) {
	if len(presented) > MaxLength {
		return Parsed{}, ErrMalformed
	}
	s := canonical(strings.TrimSpace(presented))
	if len(s) < PrefixLength {
		return Parsed{}, ErrMalformed
	}
	got := Kind(s[:PrefixLength])
	if got.Length() == 0 {
		return Parsed{}, ErrMalformed
	}
	ok := wellFormed(got, s)
	switch {
	case got != kind && ok:
		return Parsed{}, ErrOtherKind
	case got != kind:
		return Parsed{}, ErrMalformed
	case !ok:
		return Parsed{}, ErrMistyped
	}
	return Parsed{Kind: kind, ID: s[PrefixLength : PrefixLength+IDLength], canonical: s}, nil
}

// Length is the length of a secret of the kind; 0 for an unknown kind.
func (kind Kind) Length() int {
	switch kind {
	case RegistrationToken, APIKey:
		return PrefixLength + IDLength + randomLength + checksumLength
	case RefreshToken:
		return PrefixLength + IDLength + familyLength + randomLength + checksumLength
	default:
		return 0
	}
}

func wellFormed(kind Kind, s string) bool {
	if len(s) != kind.Length() {
		return false
	}
	for i := PrefixLength; i < len(s); i++ {
		if strings.IndexByte(Alphabet, s[i]) < 0 {
			return false
		}
	}
	if s[PrefixLength] > '7' { // a ULID has 128 bits in 26 characters
		return false
	}
	end := len(s) - checksumLength
	return Checksum(s[:end]) == s[end:]
}

// canonical lowers ASCII letters and undoes the usual misreadings in the body.
func canonical(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if i >= PrefixLength {
			switch c {
			case 'o':
				c = '0'
			case 'i', 'l':
				c = '1'
			}
		}
		b[i] = c
	}
	return string(b)
}

// secretLike is wider than Pattern: any case, misreadings included, and
// a secret that lost its end. Prefix and public id alone are no secret.
var secretLike = regexp.MustCompile(`(?i)m(?:rt|rf|ak)_[0-9a-z]{27,}`)

// Within reports whether s contains a secret, or most of one, even if it
// is percent-encoded, or a whole one in pieces. URLs and texts that contain one are
// refused (rule 10).
func Within(s string) bool {
	const rounds = 3 // no server decodes more often than that
	for range rounds {
		decoded := percentDecode(s)
		if decoded == s {
			break
		}
		if secretLike.MatchString(s) {
			return true
		}
		s = decoded
	}
	return secretLike.MatchString(s) || holdsPieces(s)
}

// percentDecode decodes what is decodable and leaves the rest, because one broken
// escape must not hide a secret behind it.
func percentDecode(s string) string {
	return escape.ReplaceAllStringFunc(s, func(e string) string {
		decoded, err := url.PathUnescape(e)
		if err != nil {
			return e
		}
		return decoded
	})
}

var (
	escape      = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)
	secretStart = regexp.MustCompile(`(?i)m(?:rt|rf|ak)_`)
	// between is what mail programs put into a long word, and what nobody sees.
	between = regexp.MustCompile(`[\s\pZ>=\p{Cf}]+`)
)

// holdsPieces reports whether s holds a whole secret with something in between.
func holdsPieces(s string) bool {
	s = between.ReplaceAllString(s, "")
	for _, at := range secretStart.FindAllStringIndex(s, -1) {
		word := canonical(s[at[0]:min(at[0]+MaxLength, len(s))])
		kind := Kind(word[:PrefixLength])
		if n := kind.Length(); len(word) >= n && wellFormed(kind, word[:n]) {
			return true
		}
	}
	return false
}
