package seen

import (
	"cmp"
	"encoding/base64"

	"muster/internal/seal"
	"muster/models"
)

// Page is one page of a list. Only [paged] makes one, so there is no list whose
// rows are not masked or whose page token is not sealed.
type Page[T any] struct {
	Items []T
	next  string
	// Before and Total are those of [models.Page].
	Before int
	Total  models.Total
}

// NextToken asks for the next page; empty on the last one.
func (p Page[T]) NextToken() string { return p.next }

const pageTokenPurpose = "page token"

// paged opens the page token, reads the page, masks each row for its viewer and
// seals the next token: it holds the sorted value of the page's last row, which
// the viewer may only see masked. It is sealed under the master key, so every
// replica can open it.
func paged[R, T any](r *Reader, p models.PageRequest, show func(*R) T, read func(models.PageRequest) (models.Page[R], error)) (Page[T], error) {
	if r.mostRows > 0 {
		p.Size = min(cmp.Or(p.Size, r.mostRows), r.mostRows)
	}
	if p.Token != "" {
		box, err := base64.RawURLEncoding.DecodeString(p.Token)
		if err != nil {
			return Page[T]{}, models.InvalidPageToken()
		}
		plain, err := seal.Open(r.key, pageTokenPurpose, box)
		if err != nil {
			return Page[T]{}, models.InvalidPageToken()
		}
		p.Token = string(plain)
	}
	found, err := read(p)
	if err != nil {
		return Page[T]{}, err
	}
	page := Page[T]{Items: shown(found.Items, show), Before: found.Before, Total: found.Total}
	if found.NextToken == "" {
		return page, nil
	}
	box, err := seal.Seal(r.key, pageTokenPurpose, []byte(found.NextToken))
	if err != nil {
		return Page[T]{}, err
	}
	page.next = base64.RawURLEncoding.EncodeToString(box)
	return page, nil
}

func shownOne[R, T any](row *R, err error, show func(*R) T) (*T, error) {
	if err != nil {
		return nil, err
	}
	shown := show(row)
	return &shown, nil
}

func shown[R, T any](rows []R, show func(*R) T) []T {
	items := make([]T, len(rows))
	for i := range rows {
		items[i] = show(&rows[i])
	}
	return items
}
