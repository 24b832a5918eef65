package idp

import (
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"net/url"
)

// writeJSON writes v and ignores errors of the connection.
func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// oauthError writes an RFC 6749 section 5.2 error.
func oauthError(w http.ResponseWriter, status int, code, description string) {
	writeJSON(w, status, map[string]string{"error": code, "error_description": description})
}

func notAllowed(w http.ResponseWriter, methods string) {
	w.Header().Set("Allow", methods)
	oauthError(w, http.StatusMethodNotAllowed, "invalid_request", "This address answers "+methods+" only.")
}

// errForm says what is wrong with a form, in words for its sender.
type errForm string

// Error implements error.
func (e errForm) Error() string { return string(e) }

// postForm reads a form body (not the query), refusing duplicates (RFC 6749
// section 3.2).
func postForm(r *http.Request) (url.Values, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, errForm("The body must be application/x-www-form-urlencoded.")
	}
	if err := r.ParseForm(); err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, errForm("The body is too large.")
		}
		return nil, errForm("The form cannot be read.")
	}
	return r.PostForm, single(r.PostForm)
}

// single refuses a parameter that is there more than once.
func single(v url.Values) error {
	for name, values := range v {
		if len(values) > 1 {
			return errForm("The parameter " + printable(name) + " is there more than once.")
		}
	}
	return nil
}

// printable keeps what RFC 6749 allows in an error description, and little.
func printable(s string) string {
	out := make([]byte, 0, 40)
	for i := 0; i < len(s) && len(out) < 40; i++ {
		if c := s[i]; c == '_' || c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			out = append(out, c)
		}
	}
	return string(out)
}
