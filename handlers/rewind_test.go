package handlers_test

import (
	"errors"

	"github.com/mattn/go-sqlite3"
)

// rewinder sets a world's SQLite database back to what it was, sessions and
// nonces included, under the running server. It copies pages: triggers forbid
// what deleting rows would take.
type rewinder struct {
	w    *world
	live *sqlite3.SQLiteConn
}

// kept is a database in memory, as it stood once.
type kept struct{ *sqlite3.SQLiteConn }

func newRewinder(w *world) *rewinder {
	w.t.Helper()
	return &rewinder{w, w.sqlite("file:" + w.path + "?_busy_timeout=5000&_synchronous=OFF")}
}

func (w *world) sqlite(name string) *sqlite3.SQLiteConn {
	w.t.Helper()
	conn, err := new(sqlite3.SQLiteDriver).Open(name)
	must(w.t, err)
	w.t.Cleanup(func() { must(w.t, conn.Close()) })
	return conn.(*sqlite3.SQLiteConn)
}

// keep copies the database as it is now.
func (r *rewinder) keep() *kept {
	r.w.t.Helper()
	k := &kept{r.w.sqlite(":memory:")}
	must(r.w.t, copyDatabase(r.live, k.SQLiteConn))
	return k
}

// rewind makes it as it was.
func (r *rewinder) rewind(k *kept) {
	r.w.t.Helper()
	must(r.w.t, copyDatabase(k.SQLiteConn, r.live))
}

func copyDatabase(from, to *sqlite3.SQLiteConn) error {
	backup, err := to.Backup("main", from, "main")
	if err != nil {
		return err
	}
	_, err = backup.Step(-1)
	return errors.Join(err, backup.Finish())
}
