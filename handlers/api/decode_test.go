package api

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"muster/handlers/web"
	"muster/models"
	"muster/tokens"
)

func TestParseMoment_ReadsTimesAndEndsOfDays(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-11-23T10:00:00Z": "2026-11-23T10:00:00Z", "2026-11-23t10:00:00.9z": "2026-11-23T10:00:00Z",
		"2026-11-23T10:00:00+02:00": "2026-11-23T08:00:00Z", "2026-11-23": "2026-11-23T23:59:59Z", "2028-02-29": "2028-02-29T23:59:59Z",
	} {
		if got, ok := parseMoment(text); !ok || formatTime(got) != want {
			t.Errorf("%q became %v, want %s", text, got, want)
		}
	}
	for _, text := range []string{"", "tomorrow", "2026-11-23T10:00:00", "2026-02-30", "23.11.2026", "2026-11-23 10:00:00Z", "1700000000", "2026-11-23T10:00Z", "2026-W01"} {
		if got, ok := parseMoment(text); ok {
			t.Errorf("%q became %v", text, got)
		}
	}
}

// The decoders meet whatever strangers send: they may refuse it, but never
// crash, and what they accept obeys the rules.

func FuzzDecodeSettings(f *testing.F) {
	for _, seed := range []string{
		`{"registrationToken":{"count":"7","expirationDate":"2026-12-01","customer":{"id":"default"}}}`,
		`{"registrationToken":{"count":1e400,"id":1}}`, `{"registrationToken":null}`, `{}`, `[`, "\xff", `{"a":{"b":[{}]}}`,
	} {
		f.Add([]byte(seed))
	}
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, body []byte) {
		var faults faults
		settings, err := decodeSettings(body, &faults, settingsRules{countRequired: true, now: now, longest: 366 * 24 * time.Hour})
		refusedProperly(t, err)
		if err == nil && settings.Count == nil {
			t.Error("accepted without a count")
		}
	})
}

func FuzzDecodeRedemption(f *testing.F) {
	for _, seed := range []string{`{"authToken":{"systemUserName":"alice","fqdn":"pc1"}}`, `{"authToken":{"fqdn":"\u202e"}}`, `{"authToken":7}`, `{"authToken":{"":""}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var faults faults
		claimed, err := decodeRedemption(body, &faults)
		refusedProperly(t, err)
		judged := tokens.RedeemRequest{Claimed: claimed, Malformed: err, Faults: faults.fields}.Check()
		refusedProperly(t, judged)
		if judged == nil && len(claimed.Check()) > 0 {
			t.Errorf("accepted %+v", claimed)
		}
	})
}

func FuzzDecodeDeletion(f *testing.F) {
	for _, seed := range []string{`{"ids":["01jd0000000000000000000000"]}`, `{"filter":{"fqdn":"x"},"expected":"3"}`, `{"filter":{"ip":"::1"}}`, `{"ids":[]}`, `{"filter":{"state":"live"},"ids":null}`, `{"filter":{"state":"live","fqdn":null}}`, `{"ids":["01jd0000000000000000000000"],"dryRun":null}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var faults faults
		deletion, err := decodeDeletion(body, &faults)
		refusedProperly(t, err)
		if err == nil && deletion.Filter.Empty() {
			t.Error("accepted a deletion of everything")
		}
		if err == nil && holdsNull(t, body) {
			t.Errorf("accepted a null: %s", body)
		}
	})
}

// holdsNull looks for a null anywhere in a JSON value.
func holdsNull(t *testing.T, body []byte) bool {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(body))
	for {
		token, err := decoder.Token()
		if err != nil {
			return false
		}
		if token == nil {
			return true
		}
	}
}

func FuzzDecodeLookup(f *testing.F) {
	f.Add([]byte(`{"token":"mrt_x"}`))
	f.Add([]byte(`{"token":"` + "\xff" + `"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var faults faults
		secret, err := decodeLookup(body, &faults)
		refusedProperly(t, err)
		if err == nil && secret == "" {
			t.Error("accepted without a token")
		}
	})
}

func FuzzParseForm(f *testing.F) {
	f.Add([]byte("grant_type=refresh_token&refresh_token=mrf_x"))
	f.Add([]byte("a=%zz&a=1"))
	f.Fuzz(func(t *testing.T, body []byte) {
		form, err := parseForm(body)
		refusedProperly(t, err)
		for name, values := range form.Values {
			if len(values) != 1 {
				t.Errorf("%q has %d values", name, len(values))
			}
		}
	})
}

// refusedProperly fails unless err is nil or an answer of the kind 4xx that
// names something.
func refusedProperly(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	failure := web.AsFailure(err)
	if failure.Kind != models.KindInvalid || failure.Status < 400 || failure.Status > 422 || failure.Message == "" {
		t.Errorf("refused with %d %v", failure.Status, err)
	}
}
