// Package postgres starts a throw-away PostgreSQL server from Debian's packages,
// also where the tests run as root, as which it refuses. It imports nothing of
// this repository.
package postgres

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// Cluster is a running server. It ends, and its files go, with this process.
type Cluster struct {
	port   int
	keeper *os.File
}

// alive are the pipes whose end tells the keepers that this process is gone, however
// it ended. They are kept here: what nobody names is closed, and its server stops.
var alive sync.Map

// URL is where a database of the server is reached.
func (c *Cluster) URL(database string) string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/%s?sslmode=disable", c.port, database)
}

// Exec runs a statement in the database "postgres", as CREATE DATABASE is.
func (c *Cluster) Exec(ctx context.Context, statement string) error {
	db, err := sql.Open("pgx", c.URL("postgres"))
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, statement)
	return errors.Join(err, db.Close())
}

// Crash ends the server at once, as pg_ctl stop -m immediate does, and returns when it
// answers again.
func (c *Cluster) Crash(ctx context.Context) error {
	before, err := c.startedAt(ctx)
	if err != nil {
		return err
	}
	if _, err := c.keeper.WriteString("crash\n"); err != nil {
		return err
	}
	return c.wait(ctx, 30*time.Second, func(ctx context.Context) error {
		now, err := c.startedAt(ctx)
		if err == nil && now.Equal(before) {
			err = errors.New("it has not ended yet")
		}
		return err
	})
}

func (c *Cluster) startedAt(ctx context.Context) (at time.Time, err error) {
	db, err := sql.Open("pgx", c.URL("postgres"))
	if err != nil {
		return at, err
	}
	err = db.QueryRowContext(ctx, "SELECT pg_postmaster_start_time()").Scan(&at)
	return at, errors.Join(err, db.Close())
}

// keeper runs the server until its standard input ends, then stops it and
// removes its files. For each line it lets the server crash and starts it again.
const keeper = `bin=$1 dir=$2 port=$3
shift 3
serve() {
	"$bin/postgres" -D "$dir/data" -h 127.0.0.1 -p "$port" -k "$dir" -c log_min_messages=warning "$@" </dev/null &
	server=$!
}
serve "$@"
while read -r _; do
	kill -QUIT "$server"
	wait "$server"
	serve "$@"
done
kill -QUIT "$server"
wait "$server"
cd / && rm -rf "$dir"`

// Fast is for tests: what a crash of the machine would lose does not matter.
var Fast = []string{"fsync=off", "synchronous_commit=off", "max_connections=300", "shared_buffers=64MB", "deadlock_timeout=100ms"}

// Start starts a server with settings, as "fsync=off".
func Start(settings ...string) (*Cluster, error) {
	bin, err := postgresBinaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "muster-postgres-")
	if err != nil {
		return nil, err
	}
	attr, err := asPostgres(dir)
	if err != nil {
		return nil, err
	}
	env := []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "HOME=" + dir}

	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", filepath.Join(dir, "data"), //nolint:gosec // both are ours
		"-U", "postgres", "-A", "trust", "--no-sync", "--no-locale", "--encoding=UTF8")
	initdb.SysProcAttr, initdb.Env, initdb.Dir = attr, env, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, bytes.TrimSpace(out))
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	logFile, err := os.Create(filepath.Join(dir, "log")) //nolint:gosec // a directory of our own
	if err != nil {
		return nil, err
	}
	defer logFile.Close()
	stdin, end, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer stdin.Close()
	args := []string{"-c", keeper, "keeper", bin, dir, strconv.Itoa(port)}
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	run := exec.Command("/bin/sh", args...) //nolint:gosec // all are ours
	run.SysProcAttr, run.Env, run.Dir = attr, env, dir
	run.Stdin, run.Stdout, run.Stderr = stdin, logFile, logFile
	if err := run.Start(); err != nil {
		return nil, err
	}
	c := &Cluster{port, end}
	answers := func(ctx context.Context) error { return c.Exec(ctx, "SELECT 1") }
	if err := c.wait(context.Background(), 30*time.Second, answers); err != nil {
		log, _ := os.ReadFile(logFile.Name()) //nolint:gosec // ours
		return nil, errors.Join(fmt.Errorf("%w: %s", err, bytes.TrimSpace(log)), end.Close())
	}
	alive.Store(port, end)
	return c, nil
}

// wait asks again and again until there is no error.
func (c *Cluster) wait(ctx context.Context, limit time.Duration, ask func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		err := ask(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL did not answer within %v: %w", limit, err)
		}
	}
}

// asPostgres makes the directory the server's and returns how to run its
// programs: they refuse to run as root.
func asPostgres(dir string) (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if os.Geteuid() != 0 {
		return attr, nil
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("%w; %s", err, installPostgres)
	}
	uid, err := strconv.ParseUint(account.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(account.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attr, os.Chown(dir, int(uid), int(gid))
}

const installPostgres = "install it with: apt-get install -y postgresql"

// postgresBinaries finds the directory with initdb and postgres: Debian keeps
// them out of the PATH.
func postgresBinaries() (string, error) {
	if found, err := exec.LookPath("initdb"); err == nil {
		if target, err := filepath.EvalSymlinks(found); err == nil {
			return filepath.Dir(target), nil
		}
	}
	versions, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(versions) == 0 {
		return "", errors.New("PostgreSQL is not installed; " + installPostgres)
	}
	newest := slices.MaxFunc(versions, func(a, b string) int { return majorVersion(a) - majorVersion(b) })
	return filepath.Dir(newest), nil
}

func majorVersion(path string) int {
	n, err := strconv.Atoi(strings.Split(path, "/")[4])
	if err != nil {
		return 0
	}
	return n
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port := l.Addr().(*net.TCPAddr).Port //nolint:forcetypeassert // a TCP listener has a TCP address
	return port, l.Close()
}
