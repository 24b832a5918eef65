package main

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// Those that ask nothing give way, the longest idle first; those under way do not.
func TestIdleConns_TheLongestIdleGiveWay(t *testing.T) {
	t.Parallel()
	const most = 3
	release, arrived := make(chan struct{}), make(chan struct{}, 1)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			arrived <- struct{}{}
			<-release
		}
	}))
	idle := newIdleConns(most)
	accepted := make(chan struct{}, 100)
	server.Config.ConnState = func(conn net.Conn, state http.ConnState) {
		idle.note(conn, state)
		if state == http.StateNew || state == http.StateIdle {
			accepted <- struct{}{}
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	open := func() net.Conn {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		<-accepted
		if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
		return conn
	}
	asks := func(conn net.Conn, path string) {
		if _, err := conn.Write([]byte("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n")); err != nil {
			t.Fatal(err)
		}
	}
	answered := func(conn net.Conn) error {
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err == nil {
			err = answer.Body.Close()
			<-accepted
		}
		return err
	}

	busy := open()
	asks(busy, "/slow")
	<-arrived
	first, kept := open(), open()
	asks(first, "/") // and is idle again, as the newest
	if err := answered(first); err != nil {
		t.Fatal(err)
	}
	open()
	open() // one too many: kept has been idle the longest
	if _, err := kept.Read(make([]byte, 1)); err == nil {
		t.Error("it is answered")
	} else if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() {
		t.Error("the one that was idle the longest is open")
	}
	asks(first, "/")
	if err := answered(first); err != nil {
		t.Errorf("a younger one is closed: %v", err)
	}
	close(release)
	if err := answered(busy); err != nil {
		t.Errorf("one with a request under way is closed: %v", err)
	}
}
