package idp

import (
	"bytes"
	"html/template"
	"io"
	"net/http"
)

// LoginPage is what the login page shows.
type LoginPage struct {
	// Action is where the form is posted. It must have exactly the inputs
	// username and password, and a submit button.
	Action string
	// Username is what was typed before; empty at first.
	Username string
	// Error is a sentence to show above the form; empty at first.
	Error string
	// Accounts are the user names that exist; each is its own password.
	Accounts []string
}

var loginTemplate = template.Must(template.New("login").Parse(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Log in · Muster development provider</title>
</head>
<body>
<main>
<h1>Log in</h1>
<p>Development provider. Accounts: {{range $i, $a := .Accounts}}{{if $i}}, {{end}}<code>{{$a}}</code>{{end}}. The password is the user name.</p>
<form method="post" action="{{.Action}}">
{{with .Error}}<p id="login-error" role="alert">{{.}}</p>{{end}}
<p><label for="username">User name</label>
<input id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required value="{{.Username}}"{{if .Error}} aria-invalid="true" aria-describedby="login-error"{{end}}></p>
<p><label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required{{if .Error}} aria-invalid="true" aria-describedby="login-error"{{end}}></p>
<p><button type="submit">Log in</button></p>
</form>
</main>
</body>
</html>
`))

var messageTemplate = template.Must(template.New("message").Parse(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}} · Muster development provider</title>
</head>
<body>
<main>
<h1>{{.Title}}</h1>
<p>{{.Text}}</p>
<p><a href="/">To Muster</a></p>
</main>
</body>
</html>
`))

func renderLogin(w io.Writer, page LoginPage) error { return loginTemplate.Execute(w, page) }

// failPage answers a request that must not be redirected anywhere.
func (p *Provider) failPage(w http.ResponseWriter, text string) {
	p.messagePage(w, http.StatusBadRequest, "This login cannot continue", text)
}

func (p *Provider) messagePage(w http.ResponseWriter, status int, title, text string) {
	var buffer bytes.Buffer
	page := struct{ Title, Text string }{title, text}
	if err := messageTemplate.Execute(&buffer, page); err != nil {
		http.Error(w, title, http.StatusInternalServerError)
		return
	}
	p.writePage(w, status, buffer.Bytes())
}

// writePage adds what protects a page, unless the host has set its own.
func (p *Provider) writePage(w http.ResponseWriter, status int, body []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	if h.Get("Content-Security-Policy") == "" {
		h.Set("Content-Security-Policy",
			"default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	}
	if h.Get("X-Frame-Options") == "" {
		h.Set("X-Frame-Options", "DENY")
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
