package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/expected"
)

// attentionCondition selects the registration tokens that need attention; see
// [models.Attention].
var attentionCondition = func() string {
	expired, _ := registrationTokenStates.condition(models.StatusExpired)
	exhausted, _ := registrationTokenStates.condition(models.StatusExhausted)
	return "((" + string(redeemable) + ` AND (used_count * 100 >= count * @percent OR expires_at <= @soon))
	OR ((` + string(expired) + ") OR (" + string(exhausted) + `)) AND EXISTS (SELECT 1 FROM refused_attempts AS r
		WHERE r.registration_token_id = registration_tokens.id AND r.attempted_at >= @since)
	OR (` + expected.Condition + "))"
}()

func needingAttention(db *gorm.DB, now time.Time) *gorm.DB {
	return db.Where(attentionCondition, map[string]any{
		"now": now, "percent": models.AttentionUsedPercent,
		"soon": now.Add(models.AttentionExpiry), "since": now.Add(-models.AttentionRefused),
	})
}

// attentionCandidates is how many are compared to find the most urgent.
const attentionCandidates = 500

// Attention lists the most urgent registration tokens that need attention, at
// most limit: those with the most refused attempts first, then those that expire
// first.
func (s *Store) Attention(ctx context.Context, limit int, now time.Time) (models.AttentionList, error) {
	var list models.AttentionList
	db := s.read.WithContext(ctx)
	total, err := s.AttentionCount(ctx, now)
	if err != nil || total == 0 {
		return list, err
	}
	list.Total = total
	var rows []models.RegistrationToken
	if err := needingAttention(db, now).Order("updated_at DESC, id DESC").Limit(attentionCandidates).Find(&rows).Error; err != nil {
		return list, s.failure(err, registrationToken)
	}
	refused, err := s.refusedCounts(db, rows, now.Add(-models.AttentionRefused))
	if err != nil {
		return list, err
	}
	for _, row := range rows {
		list.Items = append(list.Items, models.Attention{RegistrationToken: row, Refused: refused[row.ID]})
	}
	slices.SortStableFunc(list.Items, func(a, b models.Attention) int {
		return cmp.Or(cmp.Compare(b.Refused, a.Refused), a.ExpiresAt.Compare(b.ExpiresAt), cmp.Compare(a.ID, b.ID))
	})
	list.Items = list.Items[:min(limit, len(list.Items))]
	if err := expected.FillByClaim(db, list.Items); err != nil {
		return list, s.failure(err, expectation)
	}
	return list, s.fillRefusedSince(db, list.Items, now.Add(-models.AttentionRefused))
}

// AttentionCount is how many registration tokens need attention.
func (s *Store) AttentionCount(ctx context.Context, now time.Time) (int, error) {
	var n int64
	err := needingAttention(s.read.WithContext(ctx).Model(&models.RegistrationToken{}), now).Count(&n).Error
	return int(n), s.failure(err, registrationToken)
}

// refusedCounts counts the refused attempts of each registration token.
func (s *Store) refusedCounts(db *gorm.DB, tokens []models.RegistrationToken, since time.Time) (map[string]int, error) {
	var counted []struct {
		RegistrationTokenID string
		N                   int
	}
	ids := idsOf(tokens, registrationTokenList.ID)
	err := db.Model(&models.RefusedAttempt{}).Select("registration_token_id, COUNT(*) AS n").
		Where(s.oneOf("registration_token_id", ids)).Where("attempted_at >= ?", since).Group("registration_token_id").Scan(&counted).Error
	counts := make(map[string]int, len(counted))
	for _, c := range counted {
		counts[c.RegistrationTokenID] = c.N
	}
	return counts, s.failure(err, refusedAttempt)
}

// fillRefusedSince reads when the first of the counted attempts was.
func (s *Store) fillRefusedSince(db *gorm.DB, items []models.Attention, since time.Time) error {
	for i := range items {
		if items[i].Refused == 0 {
			continue
		}
		var first models.RefusedAttempt
		err := db.Where("registration_token_id = ? AND attempted_at >= ?", items[i].ID, since).
			Order("attempted_at, id").Limit(1).Find(&first).Error
		if err != nil {
			return s.failure(err, refusedAttempt)
		}
		items[i].RefusedSince = first.AttemptedAt
	}
	return nil
}
