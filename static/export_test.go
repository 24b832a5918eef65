package static

// Names lists the plain names of all embedded files.
func Names() []string {
	var names []string
	for name, a := range assets() {
		if Prefix+name != a.url {
			names = append(names, name)
		}
	}
	return names
}
