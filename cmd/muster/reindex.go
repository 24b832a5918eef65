package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"muster/internal/config"
	"muster/models/store"
)

// reindexCommand is `muster reindex`.
type reindexCommand struct {
	config.DatabaseFlags
}

// Run derives anew what the desk asks, also while the server runs: that reads the
// old until the new is whole.
func (c *reindexCommand) Run(ctx context.Context, p *program) error {
	return p.withDatabase(ctx, c.DatabaseFlags, func(db *store.Store) error {
		others, err := db.DeskHasOtherRules(ctx)
		if err != nil {
			return err
		}
		if others {
			fmt.Fprintln(p.err, "It was derived by a later release, or with other service accounts (MUSTER_SERVICE_ACCOUNTS). This takes its place.")
		}
		bar := progressBar{out: p.err, inPlace: isTerminal(p.err)}
		err = db.Reindex(ctx, bar.show)
		bar.end()
		switch {
		case err != nil && ctx.Err() != nil:
			return errors.New("stopped before it was whole: the desk answers as before, start it again")
		case err != nil:
			return err
		}
		fmt.Fprintln(p.out, "Who is whom was derived anew from all auth tokens.")
		return nil
	})
}

// progressBar shows how far something is: a bar that grows on a terminal, lines
// elsewhere.
type progressBar struct {
	out     io.Writer
	inPlace bool
}

func (b progressBar) show(done, total int64) {
	const width = 40
	percent := int64(100)
	if total > 0 {
		percent = min(100*done/total, 100)
	}
	if !b.inPlace {
		fmt.Fprintf(b.out, "%d of %d auth tokens, %d%%\n", done, total, percent)
		return
	}
	full := int(percent * width / 100)
	fmt.Fprintf(b.out, "\r[%s%s] %3d%%  %d of %d", strings.Repeat("#", full), strings.Repeat(".", width-full), percent, done, total)
}

func (b progressBar) end() {
	if b.inPlace {
		fmt.Fprintln(b.out)
	}
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
