package config

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

var errDuration = errors.New("not a duration")

// ParseDuration reads a Go duration that may begin with whole days: "90d",
// "1d12h", "15m". Negative durations are errors.
func ParseDuration(s string) (time.Duration, error) {
	rest := s
	var total time.Duration
	if digits, after, ok := strings.Cut(s, "d"); ok {
		days, err := strconv.ParseUint(digits, 10, 32)
		if err != nil || days > math.MaxInt64/uint64(day) {
			return 0, errDuration
		}
		total, rest = time.Duration(days)*day, after
		if rest == "" {
			return total, nil
		}
	}
	d, err := time.ParseDuration(rest)
	if err != nil || d < 0 || strings.ContainsAny(rest[:1], "+-") || d > math.MaxInt64-total {
		return 0, errDuration
	}
	return total + d, nil
}

// FormatDuration writes d as ParseDuration reads it, in the largest units
// that are whole: "90d", "1h30m", "15m".
func FormatDuration(d time.Duration) string {
	var b strings.Builder
	if days := int64(d / day); days > 0 {
		b.WriteString(strconv.FormatInt(days, 10) + "d")
		d %= day
	}
	if d == 0 && b.Len() > 0 {
		return b.String()
	}
	rest := d.String()
	if strings.HasSuffix(rest, "m0s") {
		rest = strings.TrimSuffix(rest, "0s")
	}
	if strings.HasSuffix(rest, "h0m") {
		rest = strings.TrimSuffix(rest, "0m")
	}
	return b.String() + rest
}
