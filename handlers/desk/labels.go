package desk

import (
	"context"
	"slices"

	"muster/models"
	"muster/seen"
	"muster/views/layout"
	"muster/views/paths"
)

// registrationTokensByID reads registration tokens for their labels.
type registrationTokensByID interface {
	RegistrationTokensByID(ctx context.Context, v seen.Viewer, ids []string) ([]seen.RegistrationToken, error)
}

// labelsOf are the labels of registration tokens by their ids; empty and
// unknown ids have none.
func labelsOf(ctx context.Context, read registrationTokensByID, v seen.Viewer, ids []string) (map[string]string, error) {
	ids = slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(ids))), func(id string) bool { return id == "" })
	found, err := read.RegistrationTokensByID(ctx, v, ids)
	labels := make(map[string]string, len(found))
	for i := range found {
		labels[found[i].ID] = found[i].Identifier
	}
	return labels, err
}

// registrationTokenReader reads one registration token.
type registrationTokenReader interface {
	RegistrationToken(ctx context.Context, v seen.Viewer, id string) (*seen.RegistrationToken, error)
}

// linkTo links another registration token; nil when there is none, or it no
// longer exists.
func linkTo(ctx context.Context, read registrationTokenReader, v seen.Viewer, id *string) (*layout.Link, error) {
	if id == nil {
		return nil, nil
	}
	t, err := read.RegistrationToken(ctx, v, *id)
	if models.ErrorKind(err) == models.KindNotFound && err != nil {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &layout.Link{Label: t.Identifier, URL: paths.RegistrationToken(t.ID)}, nil
}
