package config

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
)

// DatabaseFlags are the flags of every command that opens the database.
type DatabaseFlags struct {
	DatabaseURL databaseFlag
}

// Flags are the flags of serve; [NewFlags] makes them.
type Flags struct {
	DatabaseFlags
	Dev  bool `help:"Development: loopback only, a login provider of our own with the accounts admin, helpdesk and user; needs no other setting."`
	Demo bool `help:"Add sample data to a development database, once."`
	// Settings is a struct for kong to fill, with a string field for each
	// setting that is no secret.
	Settings any `embed:""`
}

// NewFlags makes a flag for each setting in the table; none is set.
func NewFlags() Flags {
	var fields []reflect.StructField
	for _, s := range settings(&Config{}) {
		if !s.secret {
			fields = append(fields, reflect.StructField{Name: s.variable, Type: reflect.TypeFor[string](), Tag: reflect.StructTag(s.tag())})
		}
	}
	return Flags{Settings: reflect.New(reflect.StructOf(fields)).Interface()}
}

// tag describes the flag to kong.
func (s setting) tag() string {
	usage := s.help + " (" + s.variable
	if otherwise := cmp.Or(s.unset, s.fallback); otherwise != "" {
		usage += ", default " + otherwise
	}
	return fmt.Sprintf("name:%q placeholder:%q help:%q", s.flag(), s.placeholder, usage+").")
}

// databaseFlag is the one flag that other commands also have.
type databaseFlag string

// Signature implements kong.Signature, the tag of fields of this type.
func (databaseFlag) Signature() string {
	table := settings(&Config{})
	return table[slices.IndexFunc(table, isDatabase)].tag()
}

func isDatabase(s setting) bool { return s.variable == databaseVariable }

// text is the value of the flag for a variable.
func (f Flags) text(variable string) string {
	if variable == databaseVariable {
		return string(f.DatabaseURL)
	}
	if f.Settings != nil {
		if field := reflect.ValueOf(f.Settings).Elem().FieldByName(variable); field.IsValid() {
			return field.String()
		}
	}
	return ""
}
