package secrets

import (
	"io"
	"sync"
)

// Shared makes any generator safe for concurrent use; what reads from it gets all it
// asks for, or an error.
func Shared(generator io.Reader) io.Reader { return &shared{r: generator} }

type shared struct {
	mu sync.Mutex
	r  io.Reader
}

// Read implements [io.Reader].
func (s *shared) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return io.ReadFull(s.r, p)
}
