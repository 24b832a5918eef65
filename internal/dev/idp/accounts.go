package idp

import (
	"crypto/subtle"
	"slices"
)

// account is one of the three people of a development installation. The
// password is the username.
type account struct {
	subject  string // stable, so that rows stay theirs over restarts
	username string
	given    string
	family   string
	groups   []string
}

func accounts() []account {
	return []account{
		{"5b0f6f7e-5a3d-4c1c-9a53-0d6a4f1b7c01", "admin", "Nora", "Lindqvist", []string{"admin"}},
		{"8e2c4d19-3f70-4b6e-8d0a-6f2b9c5e7a02", "helpdesk", "Tomasz", "Zielinski", []string{"helpdesk"}},
		{"c7a91b36-0e84-47d2-b1f5-3d8e6a2c9f03", "user", "Emily", "Carter", []string{}},
	}
}

func (a account) name() string  { return a.given + " " + a.family }
func (a account) email() string { return a.username + "@muster.example" }

// logIn returns the account with that name and password.
func logIn(username, password string) (account, bool) {
	a, known := find(func(a account) bool { return a.username == username })
	return a, known && subtle.ConstantTimeCompare([]byte(a.username), []byte(password)) == 1
}

func find(matches func(account) bool) (account, bool) {
	all := accounts()
	if i := slices.IndexFunc(all, matches); i >= 0 {
		return all[i], true
	}
	return account{}, false
}

// Person is the subject and e-mail address of an account by its user name;
// empty when there is none.
func Person(username string) (subject, email string) {
	a, known := find(func(a account) bool { return a.username == username })
	if !known {
		return "", ""
	}
	return a.subject, a.email()
}

// claims are the same in ID tokens, access tokens and UserInfo, whatever the
// scope: scripts ask for openid alone.
func (a account) claims() map[string]any {
	return map[string]any{
		"sub": a.subject, "preferred_username": a.username,
		"name": a.name(), "given_name": a.given, "family_name": a.family,
		"email": a.email(), "email_verified": true,
		"groups": a.groups,
	}
}
