package views

// nameOrHost is what an auth token is known by, for pages that have not moved
// yet.
func nameOrHost(name, host string) string {
	if name != "" {
		return name
	}
	return host
}
