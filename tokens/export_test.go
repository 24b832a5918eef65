package tokens

// Settle waits for the notes under way.
func (s *Service) Settle() { s.background.Wait() }
