package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"muster/internal/test/postgres"
)

// build holds both binaries, and what the programs write.
type build struct {
	dir     string
	cluster *postgres.Cluster // started when first asked for
	started int
}

func newBuild(ctx context.Context) (*build, error) {
	dir, err := os.MkdirTemp("", "muster-bench-")
	if err != nil {
		return nil, err
	}
	b := &build{dir: dir}
	command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", dir+string(filepath.Separator), "muster/cmd/muster", "muster/bench/naive")
	if out, err := command.CombinedOutput(); err != nil {
		b.remove()
		return nil, fmt.Errorf("go build: %w\n%s", err, out)
	}
	return b, nil
}

func (b *build) remove() { _ = os.RemoveAll(b.dir) }

// database is the URL of an empty database, with synchronous commits.
func (b *build) database(ctx context.Context, kind, name string) (string, error) {
	if kind == "sqlite" {
		return "sqlite://" + filepath.Join(b.dir, name+".db"), nil
	}
	if b.cluster == nil {
		cluster, err := postgres.Start("shared_buffers=256MB", "max_connections=200", "max_wal_size=4GB")
		if err != nil {
			return "", err
		}
		b.cluster = cluster
	}
	return b.cluster.URL(name), b.cluster.Exec(ctx, "CREATE DATABASE "+name)
}

// start starts both programs: Muster and the naive server on an empty database each, or
// Muster on a filled one and on an empty one.
func (b *build) start(ctx context.Context, plan *plan, kind string) (ours, naive *program, err error) {
	name := b.newName()
	if plan.rows > 0 {
		if ours, err = b.startFilled(ctx, plan, kind, name+"_filled"); err != nil {
			return nil, nil, err
		}
		if naive, err = b.startMuster(ctx, kind, name+"_empty"); err != nil {
			ours.stop()
		}
		return ours, naive, err
	}
	if ours, err = b.startMuster(ctx, kind, name+"_muster"); err != nil {
		return nil, nil, err
	}
	if naive, err = b.startNaive(ctx, kind, name+"_naive"); err != nil {
		ours.stop()
		return nil, nil, err
	}
	return ours, naive, nil
}

// newName is of a database that no other program has.
func (b *build) newName() string {
	b.started++
	return fmt.Sprintf("bench_%d", b.started)
}

func (b *build) startMuster(ctx context.Context, kind, name string) (*program, error) {
	url, err := b.database(ctx, kind, name)
	if err != nil {
		return nil, err
	}
	p, err := b.newProgram("muster", name)
	if err != nil {
		return nil, err
	}
	p.databaseURL, p.env = url, []string{"MUSTER_DATABASE_URL=" + url}
	if kind != "sqlite" {
		p.database = name
	}
	return p, b.serve(ctx, p)
}

// serve starts Muster on the database that its environment names.
func (b *build) serve(ctx context.Context, p *program) error {
	metrics, err := freeAddress()
	if err != nil {
		return err
	}
	p.env = append(p.env, "MUSTER_METRICS_LISTEN="+metrics)
	p.settled = func(ctx context.Context) error { return caughtUp(ctx, metrics) }
	if err := p.start(ctx, "serve", "--dev", "--listen", p.address); err != nil {
		return err
	}
	key, err := p.command(ctx, "apikey", "create", "--name", "bench", "--role", "admin").Output()
	p.apiKey = strings.TrimSpace(string(key))
	if err != nil {
		p.stop()
		return fmt.Errorf("muster apikey create: %w", err)
	}
	p.proves = func(ctx context.Context) error {
		if out, err := p.command(ctx, "check").CombinedOutput(); err != nil {
			return fmt.Errorf("muster check: %w\n%s", err, out)
		}
		return nil
	}
	return nil
}

// startReplica starts another server on the database of one, under the same master key.
func (b *build) startReplica(ctx context.Context, of *program) (*program, error) {
	p, err := b.newProgram("muster", b.newName()+"_replica")
	if err != nil {
		return nil, err
	}
	metrics, err := freeAddress()
	if err != nil {
		return nil, err
	}
	p.env = append(slices.Clone(of.env), "MUSTER_MASTER_KEY_FILE="+filepath.Join(of.dir, "data", "master.key"), "MUSTER_METRICS_LISTEN="+metrics)
	return p, p.start(ctx, "serve", "--dev", "--listen", p.address)
}

func (b *build) startNaive(ctx context.Context, kind, name string) (*program, error) {
	url, err := b.database(ctx, kind, name)
	if err != nil {
		return nil, err
	}
	p, err := b.newProgram("naive", name)
	if err != nil {
		return nil, err
	}
	p.apiKey = "naive"
	p.env = []string{"NAIVE_DATABASE_URL=" + url, "NAIVE_API_KEY=" + p.apiKey, "NAIVE_LISTEN=" + p.address}
	return p, p.start(ctx)
}

// program is one of the two servers.
type program struct {
	name, path, dir, address string
	env                      []string
	apiKey, databaseURL      string
	database                 string // its name, on PostgreSQL
	// proves that the books are right, beyond what the bench can ask over HTTP.
	proves func(ctx context.Context) error
	// settled waits until nothing is left to do of what was asked; nil where each answer
	// comes after all that it causes.
	settled func(ctx context.Context) error
	process *exec.Cmd
}

func (b *build) newProgram(name, dir string) (*program, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	p := &program{name: name, path: filepath.Join(b.dir, name), dir: filepath.Join(b.dir, dir), address: address}
	return p, os.Mkdir(p.dir, 0o700)
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func (p *program) command(ctx context.Context, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, p.path, args...)
	command.Dir, command.Env = p.dir, append(os.Environ(), p.env...)
	return command
}

func (p *program) start(ctx context.Context, args ...string) error {
	p.process = p.command(ctx, args...)
	p.process.Cancel = func() error { return p.process.Process.Signal(syscall.SIGTERM) }
	log, err := os.Create(filepath.Join(p.dir, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	p.process.Stdout, p.process.Stderr = log, log
	if err := p.process.Start(); err != nil {
		return err
	}
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); <-time.After(20 * time.Millisecond) {
		if p.ready(ctx) {
			return nil
		}
	}
	said, _ := os.ReadFile(log.Name())
	p.stop()
	return errors.New(p.name + " did not get ready:\n" + string(said))
}

func (p *program) ready(ctx context.Context) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.address+"/readyz", http.NoBody)
	if err != nil {
		return false
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	return errors.Join(answer.Body.Close()) == nil && answer.StatusCode == http.StatusOK
}

func (p *program) stop() {
	_ = p.process.Process.Signal(syscall.SIGTERM)
	_ = p.process.Wait()
}
