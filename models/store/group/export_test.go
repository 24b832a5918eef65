package group

// MostWaiting is how many may wait.
const MostWaiting = waiting

// Waiting is how many wait for a key.
func Waiting[T any](c *Changes[T], key string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if q := c.queues[key]; q != nil {
		return len(q.waiting)
	}
	return 0
}

// Led is how many keys have a transaction under way.
func Led[T any](c *Changes[T]) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.queues)
}
