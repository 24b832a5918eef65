// Package docs holds the guides and what is new, as HTML: the same files that the
// repository shows, rendered once. Pictures and other HTML in them are left out.
package docs

import (
	"bytes"
	"context"
	"embed"
	"io"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

//go:embed guide-administrator.md guide-helpdesk.md guide-end-user.md guide-device-maker.md providers.md CHANGELOG.md
var files embed.FS

// Document is one of them.
type Document struct {
	// Name is what its address ends in.
	Name  string
	Title string
	// HTML is all of it below the title; each heading has an id.
	HTML string
	// Passages are its headings of the second level, in their order.
	Passages []Passage
}

// Render writes the HTML: a document is a part of a page. It comes of files of this
// repository alone.
func (d Document) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, d.HTML)
	return err
}

// Passage is a part of a document with a heading of its own.
type Passage struct{ ID, Heading string }

// Changes is the name of what is new.
const Changes = "changes"

var sources = []struct{ name, file string }{
	{"administrator", "guide-administrator.md"},
	{"helpdesk", "guide-helpdesk.md"},
	{"end-user", "guide-end-user.md"},
	{"device-maker", "guide-device-maker.md"},
	{"login-providers", "providers.md"},
	{Changes, "CHANGELOG.md"},
}

// All are the documents: the guides first, then what is new.
var All = sync.OnceValue(func() []Document {
	documents := make([]Document, len(sources))
	for i, source := range sources {
		content, err := files.ReadFile(source.file)
		if err != nil {
			panic(err) // it is embedded
		}
		documents[i] = render(source.name, content)
	}
	return documents
})

// Find finds a document by its name.
func Find(name string) (Document, bool) {
	for _, d := range All() {
		if d.Name == name {
			return d, true
		}
	}
	return Document{}, false
}

// render takes the title off and renders the rest. Goldmark leaves HTML in the text out
// and links to no script.
func render(name string, content []byte) Document {
	d := Document{Name: name}
	markdown := goldmark.New(
		// Alignment would be a style attribute, which the pages do not allow.
		goldmark.WithExtensions(extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute))),
		goldmark.WithParserOptions(parser.WithAutoHeadingID()),
	)
	root := markdown.Parser().Parse(text.NewReader(content))
	for node := root.FirstChild(); node != nil; {
		next := node.NextSibling()
		if h, ok := node.(*ast.Heading); ok && h.Level == 1 {
			d.Title = string(h.Lines().Value(content))
			root.RemoveChild(root, h)
		} else if ok && h.Level == 2 {
			id, _ := h.AttributeString("id")
			d.Passages = append(d.Passages, Passage{ID: string(id.([]byte)), Heading: string(h.Lines().Value(content))})
		}
		node = next
	}
	var out bytes.Buffer
	if err := markdown.Renderer().Render(&out, content, root); err != nil {
		panic(err) // a buffer takes everything
	}
	d.HTML = strings.ReplaceAll(out.String(), "<!-- raw HTML omitted -->", "")
	return d
}
