package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/alecthomas/kong"

	"muster/internal/config"
	"muster/models"
)

// Exit codes.
const (
	exitOK      = 0
	exitFailure = 1 // it did not work, or check found something
	exitUsage   = 2 // the command line cannot be understood
)

// errFindings is what check returns when it found something.
var errFindings = errors.New("the self-check found something")

// program is one run of the binary: what it may touch of the outside world.
type program struct {
	out, err io.Writer
	lookup   func(string) (string, bool)
	dir      string
	now      func() time.Time
	// ready, when set, is told the base URL once serve answers.
	ready func(baseURL string)
	// bodyTimeout and answerTimeout replace those of serve unless 0.
	bodyTimeout, answerTimeout time.Duration
}

// cli is the command line.
type cli struct {
	Serve      serveCommand      `cmd:"" help:"Run the server."`
	Migrate    migrateCommand    `cmd:"" help:"Bring the database schema up to date."`
	Config     configCommand     `cmd:"" help:"Print the effective settings, secrets masked."`
	APIKey     apiKeyCommand     `cmd:"" name:"apikey" help:"Manage API keys."`
	Check      checkCommand      `cmd:"" help:"Check that the data is consistent; exit 0 when it is."`
	Reindex    reindexCommand    `cmd:"" help:"Derive anew who is whom, beside the running server."`
	Backup     backupCommand     `cmd:"" help:"Write a consistent copy of a SQLite database."`
	Demo       demoCommand       `cmd:"" help:"Fill an empty database with the past of a large installation, to try how it does."`
	LoginCheck loginCheckCommand `cmd:"" name:"login-check" help:"Sign in, or read a token, and print what the login provider sends and which role it gives."`
	Version    versionCommand    `cmd:"" help:"Print the version."`
}

// exit unwinds the stack when kong wants to exit (--help).
type exit int

// execute runs one command line and returns the exit code.
func (p *program) execute(ctx context.Context, args []string) (code int) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case exit:
			code = int(r)
		default:
			panic(r)
		}
	}()
	commands := &cli{Serve: serveCommand{config.NewFlags()}, Config: configCommand{config.NewFlags()}, LoginCheck: loginCheckCommand{Flags: config.NewFlags()}}
	parser, err := kong.New(commands,
		kong.Name("muster"),
		kong.Description("Registration tokens and auth tokens, and who used them up."),
		kong.Writers(p.out, p.err),
		kong.Exit(func(code int) { panic(exit(code)) }),
		kong.UsageOnError(),
		kong.Bind(p),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	if err != nil {
		fmt.Fprintln(p.err, "muster:", err)
		return exitFailure
	}
	command, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(p.err, "muster: %v\nRun \"muster --help\" to see the commands.\n", err)
		return exitUsage
	}
	err = command.Run()
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errFindings): // the report is out already
	default:
		fmt.Fprintln(p.err, "muster:", sentence(err))
	}
	return exitFailure
}

// sentence is what a person at the terminal should read of err.
func sentence(err error) string {
	e, ok := errors.AsType[*models.Error](err)
	if !ok {
		return err.Error()
	}
	text := err.Error()
	if e.NextStep != "" {
		text += "\n" + e.NextStep
	}
	for _, f := range e.Fields {
		if f.Message != e.Message {
			text += "\n  - " + f.Field + ": " + f.Message
		}
	}
	return text
}

func (p *program) environment() config.Environment {
	return config.Environment{Lookup: p.lookup, Dir: p.dir}
}
