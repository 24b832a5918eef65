package web

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"muster/models"
)

// FormPage is the address of the page of a form, made of the id in the address that
// the form is sent to and of what was sent. What comes of a form that could not be
// worked is shown there, so that no page answers a POST: reloading such a page, or
// going back to it, would send the form again.
type FormPage func(id string, sent url.Values) string

// SetFormPage says where the form that the request sends has its page.
func SetFormPage(c echo.Context, page FormPage) { c.Set(keyFormPage, page) }

// formPageOf is the address of the page of the form that was sent; empty when it has
// none.
func formPageOf(c echo.Context) string {
	page := get[FormPage](c, keyFormPage)
	if page == nil {
		return ""
	}
	return page(c.Param("id"), c.Request().PostForm)
}

// ErrLookAgain shows a form again with nothing wrong: somebody is to look at it
// before more is done.
var ErrLookAgain = errors.New("the form is to be looked at again")

// ShownOnFormPage reports whether err is for the page of the form, instead of an
// answer to the POST: a handler then returns it as it is. Not for parts, uploads
// and what does not fit into a draft.
func ShownOnFormPage(c echo.Context, err error) bool { return sentDraft(c, err) != nil }

// sentDraft is the draft of the form that was sent in vain; nil when it stays in the
// answer.
func sentDraft(c echo.Context, err error) *draft {
	request := c.Request()
	if err == nil || request.Method != http.MethodPost || WantsPart(c) || request.PostForm == nil || uploads(request) {
		return nil
	}
	d := newDraft(formPageOf(c), request.PostForm, draftSent)
	if session := SessionOf(c); session != nil {
		d.Person = PersonMark(session.Person().ActorID())
	}
	if !errors.Is(err, ErrLookAgain) {
		f := AsFailure(err)
		if !forFormPage(f) {
			return nil
		}
		d.Failed = failureOf(f)
	}
	if d.plain() == nil {
		return nil
	}
	return d
}

// forFormPage reports whether a failure is one to correct or to know of where the form
// is, rather than one of ours, of the sender's rights, or of a request that no form
// sends.
func forFormPage(f Failure) bool {
	switch f.Kind {
	case models.KindInvalid:
		return f.Code != CodeBadRequest && f.Code != CodeTooLarge
	case models.KindConflict, models.KindStale, models.KindGone, models.KindNotFound, models.KindRateLimited:
		return true
	case models.KindUnauthenticated, models.KindForbidden, models.KindUnavailable, models.KindInternal:
	}
	return false
}

// uploads reports whether the request brings a file.
func uploads(r *http.Request) bool {
	if r.MultipartForm == nil {
		return false
	}
	for _, files := range r.MultipartForm.File {
		for _, file := range files {
			if file.Size > 0 {
				return true
			}
		}
	}
	return false
}

// AnswerSent leads from a form that could not be worked to its page, which shows it as
// it was typed and says why. It returns err when that is for the answer.
func (k *Drafts) AnswerSent(c echo.Context, err error) error {
	d := sentDraft(c, err)
	if d == nil {
		return err
	}
	if kept, failed := k.keep(c, d); failed != nil || !kept {
		return errors.Join(err, failed)
	}
	status := http.StatusOK
	if d.Failed != nil {
		f := AsFailure(err)
		status = f.Status
		SetRetryAfter(c, f)
	}
	c.Response().Header().Set(HeaderStatus, strconv.Itoa(status))
	return Redirect(c, d.Page)
}

// AnswerAsked leads from the address of a list that asks for what the list does not have
// to the same address without that, where the page says what is wrong. It returns err when
// that is for the answer.
func (k *Drafts) AnswerAsked(c echo.Context, err error) error {
	request := c.Request()
	if err == nil || request.Method != http.MethodGet || WantsPart(c) {
		return err
	}
	f := AsFailure(err)
	to := withoutFault(request.URL, f)
	if to == "" {
		return err
	}
	d := newDraft(to, nil, draftAsked)
	d.Person = PersonMark(SessionOf(c).Person().ActorID())
	d.Failed = failureOf(f)
	if f.Fields[0].Field == pageTokenField {
		d.Why = draftGone
	}
	if kept, failed := k.keep(c, d); failed != nil || !kept {
		return errors.Join(err, failed)
	}
	standFor(c, f.Status)
	return Redirect(c, d.Page)
}

// pageTokenField is what is wrong about the parameter page of an address, as REST calls it.
const pageTokenField = "pageToken"

// withoutFault is an address without the parameters that are wrong; empty when it has
// none, or when they say what the page is about.
func withoutFault(asked *url.URL, f Failure) string {
	query := asked.Query()
	before := len(query)
	for _, fault := range f.Fields {
		switch fault.Field {
		case "id":
			return ""
		case pageTokenField:
			query.Del("page")
		default:
			query.Del(fault.Field)
		}
	}
	if len(query) == before {
		return ""
	}
	to := url.URL{Path: asked.Path, RawQuery: query.Encode()}
	return to.String()
}

// KeepUnsent keeps a form that came without a session, until its sender has signed in:
// only for whoever's session ended, where that is known. It returns the page of the
// form; empty when the form has none, cannot be read, or does not fit. sent is what
// was typed.
func (k *Drafts) KeepUnsent(c echo.Context, ended *models.Session) (page string, sent url.Values, err error) {
	if sent = readForm(c.Request()); sent == nil {
		return "", nil, nil
	}
	if page = formPageOf(c); page == "" {
		return "", nil, nil
	}
	d := newDraft(page, sent, draftEnded)
	if ended != nil {
		d.Person = PersonMark(ended.Person().ActorID())
	}
	kept, err := k.keep(c, d)
	if err != nil || !kept {
		return "", sent, err
	}
	return page, sent, nil
}

// KeepLeft keeps what a person has typed into the forms of a page, in case the page is
// left: for whoever's session it is, or was. Nothing typed, or too much, forgets what was kept before. It reports
// whether leaving loses nothing.
func (k *Drafts) KeepLeft(c echo.Context, session *models.Session, page string, typed url.Values) (bool, error) {
	d := newDraft(ReturnPath(page), typed, draftLeft)
	d.Person = PersonMark(session.Person().ActorID())
	kept := false
	if len(typed) > 0 {
		var err error
		if kept, err = k.keep(c, d); err != nil {
			return false, err
		}
	}
	if !kept {
		ClearCookie(c, DraftCookie)
	}
	return kept || len(typed) == 0, nil
}

// readForm reads a form of either kind, without its files; nil when that fails.
func readForm(r *http.Request) url.Values {
	media, _, err := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType))
	switch {
	case err != nil:
		return nil
	case media == echo.MIMEMultipartForm:
		err = r.ParseMultipartForm(MaxListBody)
	case media == echo.MIMEApplicationForm:
		err = r.ParseForm()
	default:
		return nil
	}
	if err != nil {
		return nil
	}
	return r.PostForm
}

// PageAt is a page at an address, whose :id is that of the form.
func PageAt(pattern string) FormPage {
	return func(id string, _ url.Values) string { return strings.ReplaceAll(pattern, ":id", id) }
}

// PageWith is a page at a path, whose parameters are fields of the form.
func PageWith(path string, fields ...string) FormPage {
	return func(_ string, sent url.Values) string {
		values := url.Values{}
		for _, name := range fields {
			for _, value := range sent[name] {
				if value != "" {
					values.Add(name, value)
				}
			}
		}
		if len(values) == 0 {
			return path
		}
		return path + "?" + values.Encode()
	}
}
