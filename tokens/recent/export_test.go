package recent

// CleanUp does now what is else done a little later.
func CleanUp[V any](c *Cache[V]) { c.entries.CleanUp() }
