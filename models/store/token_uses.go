package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/calls"
	"muster/models/store/listing"
)

type redemptionRow = models.Redemption

var tokenUseList = listing.List[redemptionRow]{
	Name: "tokenUses",
	// Use numbers are given in order, and are unique per registration token.
	Newest: listing.By("use_number", func(r *redemptionRow) any { return r.UseNumber }),
	ID:     func(r *redemptionRow) string { return r.ID },
}

// TokenUses lists who used a registration token, newest first, each with its
// auth token. KindInvalid with the field pageSize, pageToken or sortBy.
func (s *Store) TokenUses(ctx context.Context, registrationTokenID string, page models.PageRequest) (models.Page[models.TokenUse], error) {
	var result models.Page[models.TokenUse]
	err := s.snapshot(ctx, func(tx *gorm.DB) error {
		redemptions, err := tokenUseList.Page(
			tx.Model(&models.Redemption{}).Where("registration_token_id = ?", registrationTokenID), registrationTokenID, page)
		if err != nil {
			return err
		}
		byID, err := s.authTokensByID(tx, idsOf(redemptions.Items, func(r *redemptionRow) string { return r.AuthTokenID }))
		if err != nil {
			return err
		}
		result = models.Page[models.TokenUse]{NextToken: redemptions.NextToken, Before: redemptions.Before}
		for _, r := range redemptions.Items {
			result.Items = append(result.Items, models.TokenUse{Redemption: r, AuthToken: byID[r.AuthTokenID]})
		}
		return nil
	})
	return result, s.failure(err, "redemption")
}

// authTokensByID reads those with their Customer.
func (s *Store) authTokensByID(tx *gorm.DB, ids []string) (map[string]models.AuthToken, error) {
	var found []models.AuthToken
	if err := tx.Where(s.oneOf("id", ids)).Find(&found).Error; err != nil {
		return nil, err
	}
	if err := s.fillAuthTokenCustomers(tx, found); err != nil {
		return nil, err
	}
	return byID(found, authTokenList.ID), nil
}

// SelectedUses lists the uses whose auth tokens the filter selects, newest
// first. Errors as in AuthTokens.
func (s *Store) SelectedUses(ctx context.Context, filter models.AuthTokenFilter, page models.PageRequest, now time.Time) (models.Page[models.TokenUse], error) {
	var result models.Page[models.TokenUse]
	found, err := s.AuthTokens(ctx, filter, page, now)
	if err != nil {
		return result, err
	}
	var redemptions []models.Redemption
	ids := idsOf(found.Items, func(t *models.AuthToken) string { return t.RedemptionID })
	if err := s.read.WithContext(ctx).Where(s.oneOf("id", ids)).Find(&redemptions).Error; err != nil {
		return result, s.failure(err, "redemption")
	}
	redeemed := byID(redemptions, tokenUseList.ID)
	result.NextToken, result.Before, result.Total = found.NextToken, found.Before, found.Total
	for _, t := range found.Items {
		result.Items = append(result.Items, models.TokenUse{Redemption: redeemed[t.RedemptionID], AuthToken: t})
	}
	return result, nil
}

// Evidence reads what a verdict about a registration token is judged by; it must
// not be changed. KindUnavailable while the desk is being put together.
func (s *Store) Evidence(ctx context.Context, registrationTokenID string) (*models.Evidence, error) {
	if err := s.awaitDesk(ctx, false); err != nil {
		return nil, err
	}
	e, err := s.evidence.Read(ctx, s.snapshot, registrationTokenID)
	return e, s.failure(err, registrationToken)
}

// OfCall is what became of a call: the support code of the attempt that it was, or the
// auth token that it made; KindNotFound.
func (s *Store) OfCall(ctx context.Context, requestID string) (supportCode, authTokenID string, err error) {
	outcome, err := calls.Of(s.read.WithContext(ctx), requestID)
	if err == nil && outcome == (calls.Outcome{}) {
		err = models.NotFound("call")
	}
	return outcome.SupportCode, outcome.AuthTokenID, s.failure(err, "call")
}
