package main

import (
	"context"
	"fmt"
)

// announce tells the person who started the server where it listens.
func (s *server) announce(ctx context.Context) {
	s.logger.InfoContext(ctx, "listening", "address", s.listener.Addr().String(), "base_url", s.baseURL)
	if !s.cfg.Dev {
		return
	}
	sample := "Add --demo for sample data."
	if s.cfg.Demo {
		sample = "Sample data is in place."
	}
	fmt.Fprintf(s.program.err, `
  Muster is running in DEVELOPMENT MODE: everybody on this machine can log in.

    Open       %[1]s
    Log in as  admin, helpdesk or user (the password is the name)
    Redeem at  %[1]s/redeem

  %[2]s Stop with Ctrl-C.

`, s.baseURL, sample)
}
