package live

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"muster/seen"
	"muster/tokens"
	"muster/views/layout"
	"muster/views/ui"
)

// Kinds of message besides those of a change; live.js knows them.
const (
	// kindReload: too much has changed to tell it one by one.
	kindReload = "reconnected"
	// kindSuperseded: do not reconnect, another stream took its place.
	kindSuperseded = "superseded"
)

// maxChanges is how many changes are reported one by one.
const maxChanges = 200

// renderTimeout is how long reading and rendering what changed may take.
const renderTimeout = 5 * time.Second

// message is the data of one event; live.js reads it.
type message struct {
	Kind              string `json:"kind"`
	RegistrationToken string `json:"registrationToken,omitempty"`
	AuthToken         string `json:"authToken,omitempty"`
	Fragments         string `json:"fragments,omitempty"`
}

// render makes one event for each change; the first of a registration token
// carries its usage as list and detail show it. It is read as a viewer without
// permissions, since the same bytes go to those who see personal data masked.
func (h *Hub) render(changes map[tokens.Change]struct{}) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), renderTimeout)
	defer cancel()
	if _, much := changes[tokens.Change{Kind: tokens.ChangeMuch}]; much || len(changes) > maxChanges {
		return appendMessage(nil, message{Kind: kindReload})
	}
	fragments, err := h.fragments(ctx, changes)
	if err != nil {
		return nil, err
	}
	badge, err := h.badge(ctx, changes)
	if err != nil {
		return nil, err
	}
	var chunk []byte
	for _, change := range slices.SortedFunc(maps.Keys(changes), compareChanges) {
		id := change.RegistrationTokenID
		chunk, err = appendMessage(chunk, message{
			Kind: string(change.Kind), RegistrationToken: id, AuthToken: change.AuthTokenID, Fragments: fragments[id] + badge,
		})
		if err != nil {
			return nil, err
		}
		delete(fragments, id)
		badge = "" // once is enough
	}
	return chunk, nil
}

// badge renders how many requests are open, if that may have changed: a registration
// token that is edited can end what was asked for it.
func (h *Hub) badge(ctx context.Context, changes map[tokens.Change]struct{}) (string, error) {
	for change := range changes {
		if change.Kind != tokens.ChangeRequest && change.Kind != tokens.ChangeRegistrationToken {
			continue
		}
		open, err := h.Read.OpenRequests(ctx)
		if err != nil {
			return "", err
		}
		var buffer bytes.Buffer
		err = layout.RequestsBadge(open).Render(ctx, &buffer)
		return buffer.String(), err
	}
	return "", nil
}

func compareChanges(a, b tokens.Change) int {
	return cmp.Or(cmp.Compare(a.RegistrationTokenID, b.RegistrationTokenID),
		cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.AuthTokenID, b.AuthTokenID))
}

func appendMessage(chunk []byte, m message) ([]byte, error) {
	data, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(chunk, "event: change\ndata: %s\n\n", data), nil
}

// fragments renders the usage of each changed registration token, by its id.
func (h *Hub) fragments(ctx context.Context, changes map[tokens.Change]struct{}) (map[string]string, error) {
	var ids []string
	for change := range changes {
		if id := change.RegistrationTokenID; id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	rendered := make(map[string]string, len(ids))
	if len(ids) == 0 {
		return rendered, nil
	}
	current, err := h.Read.RegistrationTokensByID(ctx, seen.Viewer{}, ids)
	if err != nil {
		return nil, err
	}
	now := h.Now().UTC()
	for i := range current {
		var buffer bytes.Buffer
		if err := ui.RegistrationTokenFragments(ui.UsageOf(&current[i], now)).Render(ctx, &buffer); err != nil {
			return nil, err
		}
		rendered[current[i].ID] = buffer.String()
	}
	return rendered, nil
}
