package config

import (
	"strings"

	"muster/models/names"
)

// accounts is a list of user names, with or without a domain; a * may stand at the
// end of one. One that could never fit a name is refused: it would be a setting
// without effect.
func accounts(at *[]string) value {
	list := roles(at)
	read := list.read
	list.read = func(in input) {
		read(in)
		for _, text := range *at {
			user := names.ParseUser(text, "")
			switch beginning := strings.TrimSuffix(user.Local, "*"); {
			case beginning == "":
				in.wrong("%s has %q, which names nobody; write a user name, such as svc-deploy or build-*.", in.variable, text)
			case strings.Contains(beginning+user.Domain, "*"):
				in.wrong("%s has %q, where * can stand only at the end of the user name; write one such as build-*.", in.variable, text)
			}
		}
	}
	return list
}
