// Command muster is the whole product in one binary: the portal and token
// service (serve) and the commands that go with it. It is the only place where
// concrete types meet, and it knows no business rules.
//
// Start with cli.go, then run.go.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // machines may lack the zones that pages are shown in
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second signal ends the process at once.
	context.AfterFunc(ctx, stop)
	dir, err := os.Getwd()
	if err != nil {
		fmt.Fprintln(os.Stderr, "muster:", err)
		os.Exit(exitFailure)
	}
	p := &program{
		out: os.Stdout, err: os.Stderr,
		lookup: os.LookupEnv, dir: dir,
		now: time.Now,
	}
	os.Exit(p.execute(ctx, os.Args[1:]))
}
