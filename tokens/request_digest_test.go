package tokens

import (
	"encoding/hex"
	"testing"

	"muster/models"
)

// Answers kept by an earlier release must be found by a retry after an upgrade.
func TestRequestDigest_StaysWhatItWas(t *testing.T) {
	t.Parallel()
	for want, claimed := range map[string]models.ClaimedIdentity{
		"4e0cf998dc9d7151932be269cbeaa591f1324c524ae2c10e9c033455c42de4e4": {
			SystemUserName: `CONTOSO\ann`, FQDN: "pc1.contoso.example", MACAddress: "00:11:22:33:44:55", Identifier: "seat 7", RefID1: "PO-1", RefID2: "ü",
		},
		"8c7f9001f579290dba2054f155509010f01dd66075925aae8f2043f6c70992d5": {FQDN: "pc1"},
	} {
		if got := hex.EncodeToString(requestDigest(claimed)); got != want {
			t.Errorf("the digest of %+v is %s, was %s", claimed, got, want)
		}
	}
	seen := map[string]string{}
	for _, f := range models.ClaimedFields {
		c := models.ClaimedIdentity{FQDN: "pc1"}
		*f.Of(&c) = "other"
		digest := string(requestDigest(c))
		if known, ok := seen[digest]; ok {
			t.Errorf("%s and %s make the same body", f.Name, known)
		}
		seen[digest] = f.Name
	}
}
