package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"muster/internal/seal"
	"muster/models"
	"muster/tokens/secrets"
	"muster/views/layout"
	"muster/views/words"
)

const (
	// DraftLife is how long a browser keeps what was typed into a form.
	DraftLife = 15 * time.Minute
	// maxDraft is the longest cookie with a draft, in bytes.
	maxDraft = 3 << 10
	// sealDraft is the purpose for which drafts are sealed.
	sealDraft = "form draft"
	// sealOverhead is what sealing adds: nonce and tag.
	sealOverhead = 28
)

// Drafts keep what was typed into a form in the browser that it was typed in, sealed,
// until the page of the form is opened again: once. There is one, the newest.
type Drafts struct {
	// Key seals them: 32 bytes, the same on every replica.
	Key []byte
	Now func() time.Time
}

// draft is what was typed into a form and not saved.
type draft struct {
	// Page is the address of the form, in the spelling of [ReturnPath].
	Page   string     `json:"page"`
	Values url.Values `json:"values"`
	Why    draftWhy   `json:"why"`
	// Failed is why it was not saved; nil when nothing was wrong with it.
	Failed *draftFailure `json:"failed,omitempty"`
	// Person is who typed it; empty where that is not known.
	Person  string    `json:"person,omitempty"`
	Expires time.Time `json:"expires"`

	restored bool // into a form
}

// draftWhy is why there is a draft.
type draftWhy string

const (
	draftSent  draftWhy = "sent"  // it was sent, and the form is shown again
	draftEnded draftWhy = "ended" // it was sent after the session had ended
	draftLeft  draftWhy = "left"  // its page was left
	draftAsked draftWhy = "asked" // nothing was typed: an address asked for what its page does not have,
	draftGone  draftWhy = "gone"  // or for a part of a list that is not there any more
)

// draftFailure is what a page says of a [models.Error].
type draftFailure struct {
	Kind    models.Kind         `json:"kind"`
	Code    models.Code         `json:"code"`
	Message string              `json:"message"`
	Next    string              `json:"next,omitempty"`
	Fields  []models.FieldError `json:"fields,omitempty"`
}

// failureOf is what a draft keeps of a failure.
func failureOf(f Failure) *draftFailure {
	return &draftFailure{Kind: f.Kind, Code: f.Code, Message: f.Message, Next: f.NextStep, Fields: f.Fields}
}

// failure is why it was not saved, nil when nothing was wrong.
func (d *draft) failure() error {
	if d.Failed == nil {
		return nil
	}
	f := d.Failed
	return &models.Error{Kind: f.Kind, Code: f.Code, Message: f.Message, NextStep: f.Next, Fields: f.Fields}
}

// notInDraft are fields that are worth nothing on another page than their own, since
// the next one has its own nonce and browsers fill no file in; and what is pasted into
// the search box, which may be a secret of any kind.
var notInDraft = []string{"nonce", "file", "query"}

// newDraft takes what was typed. Secrets never get into a draft.
func newDraft(page string, sent url.Values, why draftWhy) *draft {
	values := url.Values{}
	for name, texts := range sent {
		for _, text := range texts {
			if !secrets.Within(text) && !secrets.Within(name) {
				values.Add(name, text)
			}
		}
	}
	for _, name := range notInDraft {
		values.Del(name)
	}
	return &draft{Page: page, Values: values, Why: why}
}

// plain is the draft as it is sealed; nil when it does not fit into its cookie.
func (d *draft) plain() []byte {
	var plain bytes.Buffer
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false) // an escaped & takes six bytes of the cookie
	longest := base64.RawURLEncoding.DecodedLen(maxDraft) - sealOverhead
	if err := encoder.Encode(d); err != nil || plain.Len() > longest || ReturnPath(d.Page) != d.Page {
		return nil
	}
	return plain.Bytes()
}

// keep keeps a draft in the browser; false when it does not fit.
func (k *Drafts) keep(c echo.Context, d *draft) (bool, error) {
	d.Expires = k.Now().UTC().Add(DraftLife).Truncate(time.Second)
	plain := d.plain()
	if plain == nil {
		return false, nil
	}
	sealed, err := seal.Seal(k.Key, sealDraft, plain)
	if err != nil {
		return false, err
	}
	SetSecretCookie(c, DraftCookie, sealed, DraftLife)
	c.Set(keyKept, true)
	return true, nil
}

// kept is the draft that the browser has; nil when it has none that counts.
func (k *Drafts) kept(c echo.Context) *draft {
	sealed := CookieBytes(c, DraftCookie, maxDraft)
	if sealed == nil {
		return nil
	}
	plain, err := seal.Open(k.Key, sealDraft, sealed)
	if err != nil {
		return nil
	}
	var d draft
	if err := json.Unmarshal(plain, &d); err != nil || !k.Now().Before(d.Expires) {
		return nil
	}
	return &d
}

// Take takes the draft of the page that a signed-in person opens, for [Restore] and
// [Frame.Page]. It is then no longer in the browser, whoever's it was.
func (k *Drafts) Take(c echo.Context) {
	request := c.Request()
	if request.Method != http.MethodGet || WantsPart(c) {
		return
	}
	d := k.kept(c)
	if d == nil || d.Page != ReturnPath(request.URL.RequestURI()) {
		return
	}
	ClearCookie(c, DraftCookie)
	if d.Person == "" || d.Person == PersonMark(SessionOf(c).Person().ActorID()) {
		c.Set(keyDraft, d)
	}
}

// Spend forgets the draft of the form that is sent, once it was worked. A form that
// stands beside it on the page leaves it alone.
func (k *Drafts) Spend(c echo.Context) {
	d := k.kept(c)
	if d == nil || c.Request().Method != http.MethodPost {
		return
	}
	c.Response().Before(func() {
		page, _, _ := strings.Cut(formPageOf(c), "?")
		if get[bool](c, keyKept) || StatusOf(c) >= http.StatusBadRequest || page == "" || !strings.HasPrefix(d.Page+"?", page+"?") {
			return
		}
		for name := range c.Request().PostForm {
			if d.Values.Has(name) {
				ClearCookie(c, DraftCookie)
				return
			}
		}
	})
}

// notices say what the page itself does not: that a form is filled in and not saved, or
// why nothing came of one that is not on the page, and what was written in it.
func (d *draft) notices(c echo.Context) []layout.Notice {
	ctx, said := c.Request().Context(), layout.Notice{Tone: layout.NoticeWarning}
	switch {
	case d.Why == draftEnded && d.restored:
		said.Text, said.Next = words.Say(ctx, "draft.ended"), words.Say(ctx, "draft.send")
	case d.Why == draftEnded:
		said.Text = words.Say(ctx, "draft.ended_undone")
	case d.Why == draftLeft && d.restored:
		said.Text = words.Say(ctx, "draft.left")
	case d.Why == draftGone:
		said = layout.Notice{Tone: layout.NoticeDanger, Text: words.Say(ctx, "asked.gone"), Next: words.Say(ctx, "asked.beginning")}
	case d.Failed != nil && !d.restored:
		said = NoticeOf(AsFailure(d.failure()).Error)
		said.Text = Rezoned(c, said.Text)
		if d.Why == draftAsked {
			said.Next = words.Say(ctx, "asked.without")
		}
	default:
		return nil
	}
	if d.Why == draftEnded && d.Person == "" {
		said.Text += " " + words.Say(ctx, "draft.anybody")
	}
	all := []layout.Notice{said}
	if written := d.written(); written != "" && !d.restored {
		all = append(all, layout.Notice{Tone: layout.NoticeInfo, Text: words.Say(ctx, "draft.written"), Next: written})
	}
	return all
}

// written are the texts of several words: what nobody would like to write again.
func (d *draft) written() string {
	var texts []string
	for _, name := range slices.Sorted(maps.Keys(d.Values)) {
		if name == "ids" { // of what is selected
			continue
		}
		for _, text := range d.Values[name] {
			if text = strings.TrimSpace(text); strings.ContainsAny(text, " \r\n") {
				texts = append(texts, text)
			}
		}
	}
	return strings.Join(texts, " · ")
}

// PersonMark tells by an actor's id people apart who share a browser, in what is kept
// there, without saying who it is.
func PersonMark(actorID string) string {
	sum := sha256.Sum256([]byte("person " + actorID))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// Restore fills a form with what was typed into it before, if its page was opened for
// that, and returns why it is shown again: nil when nothing is wrong with it.
func Restore[Form any](c echo.Context, form *Form) error {
	c.Set(keyRestores, true)
	d := get[*draft](c, keyDraft)
	if d == nil {
		return nil
	}
	body := strings.NewReader(d.Values.Encode())
	request, err := http.NewRequestWithContext(c.Request().Context(), http.MethodPost, "/", body)
	if err != nil {
		return err
	}
	request.Header.Set(echo.HeaderContentType, echo.MIMEApplicationForm)
	var typed Form
	if err := (&echo.DefaultBinder{}).BindBody(c.Echo().NewContext(request, nil), &typed); err != nil {
		return err
	}
	*form, d.restored = typed, true
	return d.failure()
}

// RestoreTexts fills in a form that stands on a page beside others, as [Restore] does:
// its fields by their names.
func RestoreTexts(c echo.Context, fields map[string]*string) error {
	c.Set(keyRestores, true)
	d := get[*draft](c, keyDraft)
	if d == nil {
		return nil
	}
	sent := false
	for name, field := range fields {
		if d.Values.Has(name) {
			*field, sent = d.Values.Get(name), true
			d.restored = d.restored || *field != ""
		}
	}
	if !sent {
		return nil
	}
	d.restored = d.restored || d.Failed != nil
	return d.failure()
}

// Restored reports whether [Restore] fills the form.
func Restored(c echo.Context) bool { return get[*draft](c, keyDraft) != nil }

// Asked reports whether the page is opened to do what its form asked for, which is
// only to show something.
func Asked(c echo.Context) bool {
	d := get[*draft](c, keyDraft)
	return d != nil && d.Why == draftSent && d.Failed == nil
}
