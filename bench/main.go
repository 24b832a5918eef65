// Command bench measures the served product beside the naive server of bench/naive:
// both real binaries over HTTP on loopback, by turns and in random order, so that
// whatever slows the machine slows both. What counts is the ratio of one run.
//
//	go run ./bench                  # the whole matrix
//	go run ./bench -quick           # under three minutes
//	go run ./bench -only redeem -clients 64 -databases sqlite
//	go run ./bench -only live       # open pages under redemptions; no naive server has any
//	go run ./bench -rows 1000000                # on that many auth tokens beside empty
//	go run ./bench -only pages -rows 1000000    # every page on that many
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"
)

// plan is what is measured.
type plan struct {
	operations []string
	databases  []string
	clients    []int
	rounds     int
	turn       time.Duration // how long one side is asked in a round
	live       *livePlan     // nil for none
	// rows is how many auth tokens the database has; 0 is empty, and beside the naive
	// server. filled is the URL of one that has them already.
	rows   int
	filled string
}

func main() {
	log.SetFlags(0)
	p, err := parse(os.Args[1:])
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, p); err != nil {
		stop()
		log.Fatal(err) //nolint:gocritic // stop was called
	}
}

func parse(args []string) (*plan, error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	quick := flags.Bool("quick", false, "fewer cells and rounds, under three minutes")
	only := flags.String("only", "redeem,refresh,introspect", "the operations to measure; or pages, with -rows")
	databases := flags.String("databases", "sqlite,postgres", "the databases to measure on")
	clients := flags.String("clients", "1,64,256", "how many clients ask at once")
	rounds := flags.Int("rounds", 7, "how often each side is measured in a cell")
	turn := flags.Duration("turn", 3*time.Second, "how long one side is measured in a round")
	var live livePlan
	flags.IntVar(&live.streams, "streams", 1000, "live: how many pages are open")
	flags.IntVar(&live.rate, "rate", 300, "live: how many redemptions a second")
	flags.DurationVar(&live.length, "watch", 20*time.Second, "live: for how long")
	flags.BoolVar(&live.elsewhere, "elsewhere", false, "live: the pages are open at a second replica, on PostgreSQL")
	rows := flags.Int("rows", 0, "measure Muster on that many auth tokens, beside Muster on none")
	filled := flags.String("filled", "", "the URL of a database that `muster demo` filled, instead of a new one; what is measured is added to it")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	p := &plan{databases: strings.Split(*databases, ","), rounds: *rounds, turn: *turn, rows: *rows, filled: *filled}
	if *quick {
		*clients, p.rounds, p.turn = "64", 5, 1500*time.Millisecond
	}
	for text := range strings.SplitSeq(*clients, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("-clients takes numbers from 1, not %q", text)
		}
		p.clients = append(p.clients, n)
	}
	for name := range strings.SplitSeq(*only, ",") {
		switch {
		case name == "live":
			p.live = &live
		case operations[name] != nil, name == pages && p.rows > 0:
			p.operations = append(p.operations, name)
		default:
			return nil, fmt.Errorf("-only takes redeem, refresh, introspect and live, and pages with -rows, not %q", name)
		}
	}
	return p, nil
}

// pages is what is measured by itself.
const pages = "pages"

func run(ctx context.Context, p *plan) (err error) {
	b, err := newBuild(ctx)
	if err != nil {
		return err
	}
	defer b.remove()
	if p.live != nil {
		for _, database := range p.databases {
			if err := p.live.measure(ctx, b, database, os.Stdout); err != nil {
				return fmt.Errorf("live, %s: %w", database, err)
			}
		}
	}
	if len(p.operations) == 0 {
		return nil
	}
	report := newReport(os.Stdout, p)
	for _, database := range p.databases {
		if err := measureOn(ctx, p, b, database, report); err != nil {
			return fmt.Errorf("%s: %w", database, err)
		}
	}
	return report.verdict()
}

func measureOn(ctx context.Context, p *plan, b *build, database string, report *report) error {
	ours, naive, err := b.start(ctx, p, database)
	if err != nil {
		return err
	}
	defer ours.stop()
	defer naive.stop()
	for _, name := range p.operations {
		if name == pages {
			if err := measurePages(ctx, ours, naive, database); err != nil {
				return err
			}
			continue
		}
		for _, clients := range p.clients {
			c, err := measure(ctx, p, name, clients, ours, naive)
			if err != nil {
				return fmt.Errorf("%s, %d clients: %w", name, clients, err)
			}
			c.database = database
			report.add(c)
		}
	}
	return nil
}
