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
	"syscall"
	"time"
)

// startServer builds Muster and starts it with sample data on a free port, in
// a folder that goes away with stop.
func startServer(ctx context.Context) (base string, stop func(), err error) {
	dir, err := os.MkdirTemp("", "muster-screenshots-")
	if err != nil {
		return "", nil, err
	}
	binary := filepath.Join(dir, "muster")
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, "./cmd/muster") //nolint:gosec // the folder is our own
	if out, err := build.CombinedOutput(); err != nil {
		return "", nil, fmt.Errorf("build: %w\n%s", err, out)
	}
	address, err := freeAddress(ctx)
	if err != nil {
		return "", nil, err
	}
	server := exec.CommandContext(ctx, binary, "serve", "--dev", "--demo", "--listen", address) //nolint:gosec // the folder is our own
	server.Dir, server.Stderr = dir, os.Stderr
	if err := server.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		_ = server.Process.Signal(syscall.SIGTERM)
		_ = server.Wait()
		_ = os.RemoveAll(dir)
	}
	base = "http://" + address
	if err := ready(ctx, base); err != nil {
		stop()
		return "", nil, err
	}
	return base, stop, nil
}

func freeAddress(ctx context.Context) (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// ready waits until the server answers.
func ready(ctx context.Context, base string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/readyz", nil)
		if err != nil {
			return err
		}
		answer, err := http.DefaultClient.Do(request)
		if err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return errors.New("the server did not get ready")
		case <-time.After(50 * time.Millisecond):
		}
	}
}
