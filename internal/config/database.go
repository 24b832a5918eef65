package config

import (
	"net/url"
	"path/filepath"
	"strings"

	"muster/models"
)

// databaseURL fills DatabaseURL and DefaultDatabase.
func databaseURL(c *Config) value {
	return value{"URL", func(in input) {
		c.DatabaseURL, c.DefaultDatabase = models.Secret(in.text), in.source == fromDefault
		if !c.DefaultDatabase {
			in.checkDatabaseURL()
		}
	}, func() string { return maskDatabaseURL(c.DatabaseURL.Reveal()) }}
}

func (in input) checkDatabaseURL() {
	u, err := url.Parse(in.text)
	if err != nil {
		// The parser's message would repeat the URL, password included.
		in.wrong("%s is not a URL; write it like sqlite:///abs/path.db or postgres://user@host/name.", in.variable)
		return
	}
	_, hasPassword := u.User.Password()
	switch sqlite := u.Scheme == "sqlite"; {
	case !sqlite && u.Scheme != "postgres" && u.Scheme != "postgresql":
		in.wrong("%s must begin with sqlite:/// or postgres://; change it to one of them.", in.variable)
	case sqlite && (u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasSuffix(u.Path, "/")):
		in.wrong("%s needs the absolute path of a file, hence three slashes; write it like sqlite:///var/lib/muster/muster.db.", in.variable)
	case sqlite && (u.RawQuery != "" || u.Fragment != ""):
		in.wrong("%s must have no query or fragment for SQLite: Muster sets its own options; leave them out.", in.variable)
	case sqlite:
	case u.Host == "" && u.Query().Get("host") == "":
		in.wrong("%s names no host; write it like postgres://user@host/name.", in.variable)
	case strings.Trim(u.Path, "/") == "" && u.Query().Get("dbname") == "":
		in.wrong("%s names no database; write it like postgres://user@host/name.", in.variable)
	case in.source == fromFlag && (hasPassword || u.Query().Has("password")):
		in.wrong("%s holds a password and was given as a flag, which every user of the machine can read; set the variable or %s_FILE instead.", in.variable, in.variable)
	}
}

// checkDatabaseFiles checks the permissions of a SQLite database and of its -wal
// file, which has the newest changes.
func (l *loader) checkDatabaseFiles(c *Config) {
	path, ok := c.SQLitePath()
	if !ok || l.reported(databaseVariable) {
		return
	}
	if file, err := filepath.EvalSymlinks(path); err == nil {
		path = file // SQLite creates the others next to it
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		l.checkPermissions(databaseVariable, path+suffix)
	}
}

// maskDatabaseURL shows which database it is, without credentials.
func maskDatabaseURL(v string) string {
	u, err := url.Parse(v)
	if err != nil {
		return masked
	}
	if _, has := u.User.Password(); has {
		u.User = url.User(u.User.Username())
	}
	u.RawQuery, u.Fragment = "", "" // drivers accept passwords and key files there
	return u.String()
}
