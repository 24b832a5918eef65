package store

// idsOf collects an id of each row.
func idsOf[T any](rows []T, id func(*T) string) []string {
	ids := make([]string, len(rows))
	for i := range rows {
		ids[i] = id(&rows[i])
	}
	return ids
}

func byID[T any](rows []T, id func(*T) string) map[string]T {
	found := make(map[string]T, len(rows))
	for i, key := range idsOf(rows, id) {
		found[key] = rows[i]
	}
	return found
}
