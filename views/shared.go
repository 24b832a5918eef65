package views

// What pages share that have not moved into a room of their own yet.

// Difference is one changed field.
type Difference struct {
	Field string
	From  string
	To    string
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func nameOrHost(name, host string) string {
	if name != "" {
		return name
	}
	return host
}
