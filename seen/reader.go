package seen

import (
	"context"
	"fmt"
	"time"

	"muster/models"
)

// Store reads what the database holds.
type Store interface {
	RegistrationToken(ctx context.Context, id string) (*models.RegistrationToken, error)
	RegistrationTokens(ctx context.Context, f models.RegistrationTokenFilter, p models.PageRequest, now time.Time) (models.Page[models.RegistrationToken], error)
	Usage(ctx context.Context, ids []string) ([]models.RegistrationToken, error)
	Attention(ctx context.Context, limit int, now time.Time) (models.AttentionList, error)
	TokenUses(ctx context.Context, registrationTokenID string, p models.PageRequest) (models.Page[models.TokenUse], error)
	SelectedUses(ctx context.Context, f models.AuthTokenFilter, p models.PageRequest, now time.Time) (models.Page[models.TokenUse], error)
	UseGroups(ctx context.Context, f models.AuthTokenFilter, by models.Facet, p models.PageRequest, now time.Time) (models.Page[models.UseGroup], error)
	Redemption(ctx context.Context, id string) (*models.Redemption, error)
	OfCall(ctx context.Context, requestID string) (supportCode, authTokenID string, err error)
	ExpectedList(ctx context.Context, registrationTokenID string) ([]models.Expectation, error)
	Expectations(ctx context.Context, f models.ExpectationFilter, p models.PageRequest) (models.Page[models.Expectation], error)
	RefusedAttempts(ctx context.Context, f models.RefusedAttemptFilter, p models.PageRequest) (models.Page[models.RefusedAttempt], error)
	Evidence(ctx context.Context, registrationTokenID string) (*models.Evidence, error)
	RefusedAttemptByCode(ctx context.Context, code string) (*models.RefusedAttempt, error)
	AuthToken(ctx context.Context, id string) (*models.AuthToken, error)
	AuthTokens(ctx context.Context, f models.AuthTokenFilter, p models.PageRequest, now time.Time) (models.Page[models.AuthToken], error)
	AuthTokenCounts(ctx context.Context, filters []models.AuthTokenFilter, most int, now time.Time) ([]models.Total, error)
	SearchRegistrationTokens(ctx context.Context, q models.Search) (models.Hits[models.RegistrationToken], error)
	SearchAuthTokens(ctx context.Context, q models.Search) (models.Hits[models.AuthToken], error)
	SearchRefusedAttempts(ctx context.Context, q models.Search) (models.Hits[models.RefusedAttempt], error)
	SearchNotes(ctx context.Context, q models.Search) (models.Hits[models.Note], error)
	AuditEvents(ctx context.Context, f models.AuditFilter, p models.PageRequest) (models.Page[models.AuditEvent], error)
	AuditEvent(ctx context.Context, id string) (*models.AuditEvent, error)
	Requests(ctx context.Context, f models.RequestFilter, p models.PageRequest, now time.Time) (models.Page[models.Request], error)
	Request(ctx context.Context, id string, now time.Time) (*models.Request, error)
	OpenRequests(ctx context.Context, now time.Time) (int, error)
	Notes(ctx context.Context, objectKind, objectID string, limit int) ([]models.Note, error)
	APIKeys(ctx context.Context) ([]models.APIKey, error)
	APIKey(ctx context.Context, id string) (*models.APIKey, error)
	Customers(ctx context.Context) ([]models.Customer, error)
	PersonalDataGrant(ctx context.Context, actorID, kind, id string, now time.Time) (*models.PersonalDataGrant, error)
	AppendAudit(ctx context.Context, event models.AuditEvent) error
}

// Reader reads for viewers. Its methods return the errors of the store's, and
// those named here.
type Reader struct {
	store   Store
	key     []byte
	verdict models.VerdictRules
	now     func() time.Time
	lookUps lookUps
	// mostRows is how many rows a page has at most; zero for no limit.
	mostRows int
}

// NewReader returns a reader of store. The key seals page tokens (32 bytes, the
// same on every replica); rules are the thresholds of verdicts.
func NewReader(store Store, key []byte, rules models.VerdictRules, now func() time.Time) *Reader {
	return &Reader{
		store: store, key: key, verdict: rules, now: now,
		lookUps: lookUps{now: now, actors: map[string]*lookUpsOfActor{}},
	}
}

// LimitPages makes every page of a list hold that many rows at most, whatever is
// asked for: with one row a page, a walk follows every next link.
func (r *Reader) LimitPages(rows int) { r.mostRows = rows }

// RegistrationToken reads one; KindNotFound.
func (r *Reader) RegistrationToken(ctx context.Context, v Viewer, id string) (*RegistrationToken, error) {
	t, err := r.store.RegistrationToken(ctx, id)
	return shownOne(t, err, v.RegistrationToken)
}

// RegistrationTokens lists those the filter selects. KindInvalid for a bad
// page or order; KindRateLimited as in [Reader.LookUp].
func (r *Reader) RegistrationTokens(ctx context.Context, v Viewer, f models.RegistrationTokenFilter, p models.PageRequest, now time.Time) (Page[RegistrationToken], error) {
	asked := map[string]string{"identifier": f.Identifier, "refId1": f.RefID1, "refId2": f.RefID2, "search": f.Search}
	askedBy(asked, f.Where)
	if err := r.LookUp(ctx, v, asked); err != nil {
		return Page[RegistrationToken]{}, err
	}
	f.AsMasked = v.Masked()
	return paged(r, p, v.RegistrationToken, func(p models.PageRequest) (models.Page[models.RegistrationToken], error) {
		return r.store.RegistrationTokens(ctx, f, p, now)
	})
}

// RegistrationTokensByID reads those with these ids, in no order; unknown ids are
// left out.
func (r *Reader) RegistrationTokensByID(ctx context.Context, v Viewer, ids []string) ([]RegistrationToken, error) {
	rows, err := r.store.Usage(ctx, ids)
	return shown(rows, v.RegistrationToken), err
}

// Attention lists the most urgent registration tokens, and how many need
// attention in all.
func (r *Reader) Attention(ctx context.Context, v Viewer, limit int, now time.Time) (items []Attention, total int, err error) {
	list, err := r.store.Attention(ctx, limit, now)
	return shown(list.Items, func(a *models.Attention) Attention {
		return Attention{v.RegistrationToken(&a.RegistrationToken), a.Refused, a.RefusedSince, a.ByClaim}
	}), list.Total, err
}

// TokenUses lists who used a registration token, newest first.
func (r *Reader) TokenUses(ctx context.Context, v Viewer, registrationTokenID string, p models.PageRequest) (Page[TokenUse], error) {
	return paged(r, p, v.tokenUse, func(p models.PageRequest) (models.Page[models.TokenUse], error) {
		return r.store.TokenUses(ctx, registrationTokenID, p)
	})
}

// SelectedUses lists the uses whose auth tokens the filter selects, newest
// first. Errors as in [Reader.AuthTokens].
func (r *Reader) SelectedUses(ctx context.Context, v Viewer, f models.AuthTokenFilter, p models.PageRequest, now time.Time) (Page[TokenUse], error) {
	f, err := r.listed(ctx, v, f, now)
	if err != nil {
		return Page[TokenUse]{}, err
	}
	return paged(r, p, v.tokenUse, func(p models.PageRequest) (models.Page[models.TokenUse], error) {
		return r.store.SelectedUses(ctx, f, p, now)
	})
}

// UseGroups groups the uses whose auth tokens the filter selects by what they
// share, the largest group first. Errors as in [Reader.AuthTokens].
func (r *Reader) UseGroups(ctx context.Context, v Viewer, f models.AuthTokenFilter, by models.Facet, p models.PageRequest, now time.Time) (Page[UseGroup], error) {
	f, err := r.listed(ctx, v, f, now)
	if err != nil {
		return Page[UseGroup]{}, err
	}
	return paged(r, p, v.useGroup, func(p models.PageRequest) (models.Page[models.UseGroup], error) {
		return r.store.UseGroups(ctx, f, by, p, now)
	})
}

// Expectations lists a page of the expected list.
func (r *Reader) Expectations(ctx context.Context, v Viewer, f models.ExpectationFilter, p models.PageRequest) (Page[Expectation], error) {
	f.AsMasked = !v.sees(object{models.ObjectRegistrationToken, f.RegistrationTokenID})
	return paged(r, p, v.Expectation, func(p models.PageRequest) (models.Page[models.Expectation], error) {
		return r.store.Expectations(ctx, f, p)
	})
}

// ExpectedList reads the whole expected list, by name.
func (r *Reader) ExpectedList(ctx context.Context, v Viewer, registrationTokenID string) ([]Expectation, error) {
	rows, err := r.store.ExpectedList(ctx, registrationTokenID)
	return shown(rows, v.Expectation), err
}

// RefusedAttempts lists those the filter selects, newest first.
func (r *Reader) RefusedAttempts(ctx context.Context, v Viewer, f models.RefusedAttemptFilter, p models.PageRequest) (Page[RefusedAttempt], error) {
	return paged(r, p, v.refusedAttempt, func(p models.PageRequest) (models.Page[models.RefusedAttempt], error) {
		return r.store.RefusedAttempts(ctx, f, p)
	})
}

// RefusedAttempt finds the one a support code opens; KindNotFound.
func (r *Reader) RefusedAttempt(ctx context.Context, v Viewer, code string) (*RefusedAttempt, error) {
	a, err := r.store.RefusedAttemptByCode(ctx, code)
	return shownOne(a, err, v.refusedAttempt)
}

// AuthToken reads one; KindNotFound.
func (r *Reader) AuthToken(ctx context.Context, v Viewer, id string) (*AuthToken, error) {
	t, err := r.store.AuthToken(ctx, id)
	return shownOne(t, err, v.AuthToken)
}

// AuthTokens lists those the filter selects. KindInvalid for a bad page, state
// or order; KindRateLimited as in [Reader.LookUp]. KindNotFound when a masked list
// is compared with an auth token of another registration token.
func (r *Reader) AuthTokens(ctx context.Context, v Viewer, f models.AuthTokenFilter, p models.PageRequest, now time.Time) (Page[AuthToken], error) {
	f, err := r.listed(ctx, v, f, now)
	if err != nil {
		return Page[AuthToken]{}, err
	}
	return paged(r, p, v.AuthToken, func(p models.PageRequest) (models.Page[models.AuthToken], error) {
		return r.store.AuthTokens(ctx, f, p, now)
	})
}

// AuthTokenCounts counts those that each filter selects, at most so many, 0 for all.
// Errors as in [Reader.AuthTokens].
func (r *Reader) AuthTokenCounts(ctx context.Context, v Viewer, filters []models.AuthTokenFilter, most int, now time.Time) ([]models.Total, error) {
	listed := make([]models.AuthTokenFilter, len(filters))
	for i, f := range filters {
		var err error
		if listed[i], err = r.listed(ctx, v, f, now); err != nil {
			return nil, err
		}
	}
	return r.store.AuthTokenCounts(ctx, listed, most, now)
}

// listed is the filter of a list, adapted to the viewer, with the auth tokens of a
// finding worked out.
func (r *Reader) listed(ctx context.Context, v Viewer, f models.AuthTokenFilter, now time.Time) (models.AuthTokenFilter, error) {
	f, err := r.AuthTokenFilter(ctx, v, f)
	if err != nil {
		return f, err
	}
	return r.workedOut(ctx, f, now)
}

// AuthTokenFilter is the filter of a deletion, adapted to the viewer: nobody narrows
// by what they see masked, unless they know it in full. Errors as in
// [Reader.AuthTokens].
func (r *Reader) AuthTokenFilter(ctx context.Context, v Viewer, f models.AuthTokenFilter) (models.AuthTokenFilter, error) {
	if f.AsMasked = !v.sees(object{models.ObjectRegistrationToken, f.RegistrationTokenID}); !f.AsMasked {
		return f, nil
	}
	if f.Like.AuthTokenID != "" {
		// Somebody could compare people of one registration token with those of another.
		like, err := r.store.AuthToken(ctx, f.Like.AuthTokenID)
		if err != nil {
			return f, err
		}
		if like.RegistrationTokenID != f.RegistrationTokenID {
			return f, models.NotFound("auth token")
		}
	}
	asked := map[string]string{"search": f.Search, "ip": f.IP}
	for _, field := range models.ClaimedFields {
		asked[field.Name] = *field.Of(&f.ClaimedIdentity)
	}
	askedBy(asked, f.Where)
	return f, r.LookUp(ctx, v, asked)
}

// askedBy adds the texts of criteria to what is asked.
func askedBy(asked map[string]string, where []models.Criterion) {
	for i, c := range where {
		asked[fmt.Sprintf("where %d: %s %s", i+1, c.Field, c.Comparison)] = c.Text
	}
}

// UseNumber is the number of the use that made an auth token; 0 when the ledger
// row is missing.
func (r *Reader) UseNumber(ctx context.Context, t *AuthToken) (int, error) {
	row, err := r.store.Redemption(ctx, t.RedemptionID)
	if models.ErrorKind(err) == models.KindNotFound {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return row.UseNumber, nil
}

// AuthTokenOf is the id of the auth token that a redemption made; KindNotFound.
func (r *Reader) AuthTokenOf(ctx context.Context, redemptionID string) (string, error) {
	row, err := r.store.Redemption(ctx, redemptionID)
	if err != nil {
		return "", err
	}
	return row.AuthTokenID, nil
}

// AuditEvents lists those the filter selects, newest first. KindInvalid for a
// bad page; KindRateLimited as in [Reader.LookUp]; KindNotFound when there is
// no event f.SameActorAs.
func (r *Reader) AuditEvents(ctx context.Context, v Viewer, f models.AuditFilter, p models.PageRequest) (Page[AuditEvent], error) {
	if err := r.LookUp(ctx, v, map[string]string{"search": f.Search, "actor": f.Actor, "object": f.Object}); err != nil {
		return Page[AuditEvent]{}, err
	}
	if f.SameActorAs != "" {
		e, err := r.store.AuditEvent(ctx, f.SameActorAs)
		if err != nil {
			return Page[AuditEvent]{}, err
		}
		if f.ActorID = e.ActorID; f.ActorID == "" {
			f.ActorKind = e.ActorKind
		}
	}
	f.AsMasked = v.Masked()
	return paged(r, p, v.AuditEvent, func(p models.PageRequest) (models.Page[models.AuditEvent], error) {
		return r.store.AuditEvents(ctx, f, p)
	})
}

// AuditEvent reads one; KindNotFound.
func (r *Reader) AuditEvent(ctx context.Context, v Viewer, id string) (*AuditEvent, error) {
	e, err := r.store.AuditEvent(ctx, id)
	return shownOne(e, err, v.AuditEvent)
}

// APIKeys lists all, newest first.
func (r *Reader) APIKeys(ctx context.Context, v Viewer) ([]APIKey, error) {
	rows, err := r.store.APIKeys(ctx)
	return shown(rows, v.APIKey), err
}

// APIKey reads one; KindNotFound.
func (r *Reader) APIKey(ctx context.Context, v Viewer, id string) (*APIKey, error) {
	k, err := r.store.APIKey(ctx, id)
	return shownOne(k, err, v.APIKey)
}

// SeveralCustomers reports whether customers are worth showing: a fresh
// installation has one.
func (r *Reader) SeveralCustomers(ctx context.Context) (bool, error) {
	customers, err := r.store.Customers(ctx)
	return len(customers) > 1, err
}

// CustomerID finds a customer by id or identifier, which may hold an address;
// empty when there is none. KindRateLimited as in [Reader.LookUp].
func (r *Reader) CustomerID(ctx context.Context, v Viewer, idOrIdentifier string) (string, error) {
	if err := r.LookUp(ctx, v, map[string]string{"customer": idOrIdentifier}); err != nil {
		return "", err
	}
	customers, err := r.store.Customers(ctx)
	if err != nil {
		return "", err
	}
	for i := range customers {
		if customers[i].ID == idOrIdentifier || customers[i].Identifier == idOrIdentifier {
			return customers[i].ID, nil
		}
	}
	return "", nil
}
