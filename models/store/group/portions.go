package group

import "iter"

// Portions are changes in portions for one statement each: few different lengths,
// since each is a statement that the database prepares and keeps.
func Portions[T any](all []T) iter.Seq[[]T] {
	return func(yield func([]T) bool) {
		for len(all) > 0 {
			var n int
			for _, n = range []int{64, 16, 4, 1} {
				if len(all) >= n {
					break
				}
			}
			if !yield(all[:n:n]) {
				return
			}
			all = all[n:]
		}
	}
}
