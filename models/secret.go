package models

import (
	"encoding/json"
	"log/slog"
)

const redacted = "[redacted]"

// Secret is a string that must never be printed: logs, text, JSON and %v show
// "[redacted]". Reveal is the only way to the clear value.
type Secret string

// Reveal returns the clear value. Call it only where the secret is compared,
// sealed or shown once.
func (s Secret) Reveal() string { return string(s) }

// String implements fmt.Stringer.
func (Secret) String() string { return redacted }

// GoString implements fmt.GoStringer.
func (Secret) GoString() string { return redacted }

// LogValue implements slog.LogValuer.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText implements encoding.TextMarshaler.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalJSON implements json.Marshaler.
func (Secret) MarshalJSON() ([]byte, error) { return json.Marshal(redacted) }
