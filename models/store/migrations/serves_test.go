package migrations_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// first is the step that began to say which programs serve its schema.
const first = 21

// What a program that does not know of it may not live with.
var (
	breaks = regexp.MustCompile(`(?i)\b(DROP|RENAME|ALTER\s+COLUMN|ADD\s+CONSTRAINT|UNIQUE\s+INDEX|TRIGGER|UPDATE|DELETE)\b`)
	// What was refused before may be written: no program misses that.
	loosens = regexp.MustCompile(`(?i)\bDROP\s+CONSTRAINT\b`)
	column  = regexp.MustCompile(`(?i)ADD\s+COLUMN[^,;]*`)
	// These are read with all their columns: PostgreSQL refuses a prepared statement
	// whose result has got another one.
	whole = regexp.MustCompile(`(?i)ALTER\s+TABLE\s+(sessions|requests|refused_attempts)\s`)
)

// saysSo reports whether a step either only adds, or says that programs must know it.
func saysSo(version int, sql string) bool {
	says := fmt.Sprintf("UPDATE schema_serves SET oldest = %d;", version)
	if strings.Contains(sql, says) {
		return true
	}
	for _, added := range column.FindAllString(strings.ToUpper(sql), -1) {
		if strings.Contains(added, "NOT NULL") && !strings.Contains(added, "DEFAULT") {
			return false
		}
	}
	return !breaks.MatchString(loosens.ReplaceAllString(sql, "")) && !whole.MatchString(sql)
}

// TestSteps_SayWhichProgramsServe: a step that breaks programs of before must not let
// them serve.
func TestSteps_SayWhichProgramsServe(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]bool{
		"ALTER TABLE a ADD COLUMN b TEXT NOT NULL DEFAULT '';":                true,
		"ALTER TABLE a ADD COLUMN b TIMESTAMP;":                               true,
		"CREATE TABLE a (b TEXT NOT NULL);":                                   true,
		"ALTER TABLE a ADD COLUMN b TEXT NOT NULL;":                           false,
		"ALTER TABLE a ADD COLUMN b TEXT NOT NULL, ADD COLUMN c TEXT;":        false,
		"alter table a drop column b;":                                        false,
		"ALTER TABLE a DROP CONSTRAINT b, DROP CONSTRAINT c;":                 true,
		"ALTER TABLE a DROP CONSTRAINT b, DROP COLUMN c;":                     false,
		"ALTER TABLE a RENAME COLUMN b TO c;":                                 false,
		"ALTER TABLE sessions ADD COLUMN b TIMESTAMP;":                        false,
		"CREATE UNIQUE INDEX i ON a (b);":                                     false,
		"UPDATE a SET b = 1;":                                                 false,
		"UPDATE schema_serves SET oldest = 22;":                               false,
		"ALTER TABLE a DROP COLUMN b;\nUPDATE schema_serves SET oldest = 23;": true,
	} {
		if got := saysSo(23, sql); got != want {
			t.Errorf("%s: %v", sql, got)
		}
	}
	files, err := filepath.Glob("*/*.sql")
	if err != nil || len(files) < 2*(first-2) {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		var version int
		if _, err := fmt.Sscanf(filepath.Base(file), "%d_", &version); err != nil {
			t.Fatal(err)
		}
		sql, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if version > first && !saysSo(version, string(sql)) {
			t.Errorf("%s breaks programs that do not know it; say so in it: UPDATE schema_serves SET oldest = %d;", file, version)
		}
	}
}
