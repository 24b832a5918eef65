package seen

import (
	"context"
	"encoding/base64"

	"muster/internal/seal"
	"muster/models"
	"muster/models/mask"
)

// Typed is what somebody typed as the viewer may see it: a result address is shared.
func (v Viewer) Typed(text string) string {
	if v.sees() {
		return text
	}
	return mask.Text(text)
}

// HoldsAddress reports whether a text holds an e-mail or IP address, which has no
// place in the address of a page.
func HoldsAddress(text string) bool { return mask.Text(text) != text }

const typedPurpose = "searched text"

// Sealed is a text that somebody searched for, for the address of its results.
// Every replica can open it, for everybody who may search; [Viewer.Typed] says what
// they see of it.
func (r *Reader) Sealed(text string) (string, error) {
	box, err := seal.Seal(r.key, typedPurpose, []byte(text))
	return base64.RawURLEncoding.EncodeToString(box), err
}

// Unsealed opens what Sealed made; KindNotFound for anything else.
func (r *Reader) Unsealed(sealed string) (string, error) {
	box, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return "", models.NotFound("search")
	}
	text, err := seal.Open(r.key, typedPurpose, box)
	if err != nil {
		return "", models.NotFound("search")
	}
	return string(text), nil
}

// OfCall is what became of a call by its request id: the support code of the
// attempt that it was, or the auth token that it made; KindNotFound.
func (r *Reader) OfCall(ctx context.Context, requestID string) (supportCode, authTokenID string, err error) {
	return r.store.OfCall(ctx, requestID)
}
