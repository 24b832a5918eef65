package main

import (
	"database/sql"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3" // to write past the store
)

func timeNow() time.Time { return time.Now().UTC() }

// spoil changes a used count behind the store's back and returns the id of
// the registration token.
func spoil(t *testing.T, path string) string {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1) // the pragma is the connection's
	if _, err := db.ExecContext(t.Context(), "PRAGMA ignore_check_constraints = ON"); err != nil {
		t.Fatal(err)
	}
	var id string
	err = db.QueryRowContext(t.Context(), "SELECT id FROM registration_tokens WHERE used_count BETWEEN 1 AND count - 1 ORDER BY id LIMIT 1").Scan(&id)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "UPDATE registration_tokens SET used_count = used_count + 1 WHERE id = ?", id); err != nil {
		t.Fatal(err)
	}
	return id
}

// execute runs a statement behind the store's back.
func execute(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

// otherProgram makes a database that is not Muster's.
func otherProgram(t *testing.T, path string) {
	t.Helper()
	execute(t, path, "CREATE TABLE recipes (name TEXT)")
}
