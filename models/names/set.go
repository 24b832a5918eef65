package names

import "slices"

// with is a set that also holds one more. A set that is many stays as it is.
func with[T comparable](set []T, one T) []T {
	if isMany(set) || slices.Contains(set, one) {
		return set
	}
	return append(slices.Clip(set), one)
}

func isMany[T any](set []T) bool { return len(set) > Cap }

// only is the one value of a set; false when it has none or several.
func only[T comparable](set []T) (T, bool) {
	if len(set) == 1 {
		return set[0], true
	}
	var none T
	return none, false
}
