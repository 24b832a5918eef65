package models

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"time"
)

// Versions are those that a change may start from: nil allows any. A version is an
// opaque text that is another one after each change of what people can edit, and of
// the states that they set; redeeming and refreshing leave it as it is.
type Versions []string

// Require is KindStale unless version is one of them.
func (v Versions) Require(version string) error {
	if v == nil || slices.Contains(v, version) {
		return nil
	}
	return ErrStale()
}

// ErrStale is the KindStale of a change that was made from an earlier version.
func ErrStale() error {
	return &Error{
		Kind: KindStale, Code: CodePreconditionFailed,
		Message:  "It was changed in the meantime, so nothing was saved.",
		NextStep: "Read it again, and repeat the change on what is there now.",
	}
}

// versionOf makes a version of values. The key is known to nobody: who sees texts
// masked must not find out by trying what a version was made of.
func versionOf(key []byte, values ...any) string {
	text, err := json.Marshal(values)
	if err != nil {
		panic(err) // texts, numbers and times always marshal
	}
	mac := hmac.New(sha256.New, key)
	mac.Write(text)
	const enough = 16
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:enough])
}

// Version is that of its settings and of being disabled, replaced or deleted.
func (t *RegistrationToken) Version() string {
	return versionOf(t.SecretDigest, t.ID, t.Identifier, t.RefID1, t.RefID2, t.Note, t.Count, t.ExpiresAt.UTC().Format(time.RFC3339),
		utc(t.DisabledAt), utc(t.DeletedAt), t.ReplacedByID)
}

// Version is that of its labels and of having ended, been deleted or given back.
func (t *AuthToken) Version() string {
	return versionOf(t.FamilyDigest, t.ID, t.Identifier, t.RefID1, t.RefID2, utc(t.EndedAt), utc(t.DeletedAt), t.CountReclaimed)
}

// Version is that of its state; nothing else of a request can change.
func (r *Request) Version() string { return versionOf(nil, r.ID, r.State) }

// JointVersion is the version of several objects at once: another one after a change of
// any of them.
func JointVersion(versions []string) string {
	return versionOf(nil, slices.Sorted(slices.Values(versions)))
}

// utc is the same time in whichever zone it was read.
func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	return new(t.UTC())
}
