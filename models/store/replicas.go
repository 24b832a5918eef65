package store

import "context"

// Announce tells the processes that listen on a channel of this database, this one
// included; PostgreSQL alone. Each text has fewer than 8,000 bytes. KindUnavailable.
func (s *Store) Announce(ctx context.Context, channel string, texts []string) error {
	return s.failure(s.db.Announce(ctx, channel, texts), "database")
}

// Listen calls listening when it hears a channel of this database, then heard with each
// text that is announced there, until ctx ends or the connection is lost: KindUnavailable.
// What is announced before and after is not heard. PostgreSQL alone.
func (s *Store) Listen(ctx context.Context, channel string, listening func(), heard func(text string)) error {
	return s.failure(s.db.Listen(ctx, channel, listening, heard), "database")
}
