package histories

import (
	"fmt"
	"time"

	"muster/models"
	"muster/models/lists"
	"muster/models/names"
)

// RefreshIdle is after how long without a refresh an auth token lapses.
const RefreshIdle = 90 * day

// Row is a use as it stands in the end.
type Row struct {
	Use        *Use
	AuthToken  models.AuthToken
	Redemption models.Redemption
}

// Told is a registration token as it stands in the end, when it began at start:
// with its uses in the order of time, and who was refused. Ids are made of the
// given prefix and count up.
func (h *History) Told(prefix string, start time.Time) (models.RegistrationToken, []Row, []models.RefusedAttempt) {
	id := func(kind string, n int) string { return fmt.Sprintf("%s-%s-%06d", prefix, kind, n) }
	t := models.RegistrationToken{ID: id("token", 0), Identifier: h.Name, Count: h.Count, ExpiresAt: start.Add(h.Expires)}
	expected := lists.ReadExpected(h.Expected, lists.Choices{}).Entries
	t.ExpectedCount = len(expected)
	var rows []Row
	var refused []models.RefusedAttempt
	row := make([]int, len(h.Uses)+1)
	for _, e := range h.InOrder() {
		at := start.Add(e.After)
		var a *models.AuthToken
		if e.Use != nil && e.Use.Number > 0 && e.Kind != Redeemed {
			a = &rows[row[e.Use.Number]].AuthToken
		}
		switch e.Kind {
		case Redeemed:
			t.RedemptionCount++
			t.UsedCount++
			row[e.Use.Number] = len(rows)
			rows = append(rows, Row{e.Use, models.AuthToken{
				ID: id("auth", t.RedemptionCount), RegistrationTokenID: t.ID, RedemptionID: id("use", t.RedemptionCount),
				ClaimedIdentity: e.Use.Claimed, VerifiedIdentity: e.Use.Verified, IP: e.Use.IP, CreatedAt: at, LastSeenAt: at, LastSeenIP: e.Use.IP,
				Generation: 1, IdleExpiresAt: at.Add(RefreshIdle),
				Unexpected: len(expected) > 0 && models.Match(models.Presented{Claimed: e.Use.Claimed, Verified: e.Use.Verified, IP: e.Use.IP}, expected) == nil,
			}, models.Redemption{
				ID: id("use", t.RedemptionCount), RegistrationTokenID: t.ID, UseNumber: t.RedemptionCount, AuthTokenID: id("auth", t.RedemptionCount),
				RedeemedAt: at, ClaimedIdentity: e.Use.Claimed, VerifiedIdentity: e.Use.Verified, IP: e.Use.IP, Channel: models.ChannelREST,
			}})
		case TurnedAway:
			refused = append(refused, models.RefusedAttempt{
				ID: id("refused", len(refused)), SupportCode: id("code", len(refused)), RegistrationTokenID: &t.ID,
				Reason: models.CodeRegistrationTokenExhausted, AttemptedAt: at, ClaimedIdentity: e.Use.Claimed, VerifiedIdentity: e.Use.Verified, IP: e.Use.IP,
				Channel: models.ChannelREST,
			})
		case Refreshed:
			a.Generation++
			a.LastSeenAt, a.IdleExpiresAt = at, at.Add(RefreshIdle)
		case Deleted:
			a.DeletedAt = &at
		case GivenBack:
			t.UsedCount--
			a.DeletedAt, a.CountReclaimed = &at, true
		case Ended:
			a.EndedAt = &at
		case Disabled:
			t.DisabledAt, t.DisabledBy = &at, "Ada Admin"
		case Replaced:
			successor := id("token", 1)
			t.DisabledAt, t.ReplacedAt, t.ReplacedByID = &at, &at, &successor
		case Withdrawn:
			t.DeletedAt, t.DeletedBy = &at, "Ada Admin"
		}
	}
	return t, rows, refused
}

// Evidence is what a verdict sees of the rows and refusals of one registration
// token.
func Evidence(rows []Row, refused []models.RefusedAttempt) *models.Evidence {
	e := &models.Evidence{}
	var rules names.Rules
	var sightings []names.Sighting
	for i := range rows {
		sightings = append(sightings, models.SightingOf(rows[i].AuthToken.VerifiedIdentity, rows[i].AuthToken.ClaimedIdentity))
	}
	for i := range refused {
		sightings = append(sightings, models.SightingOf(refused[i].VerifiedIdentity, refused[i].ClaimedIdentity))
	}
	who := rules.Resolve(sightings)
	for i := range rows {
		if a := &rows[i].AuthToken; !a.CountReclaimed {
			e.AddUse(a, who[i], rules.Parse(sightings[i]).Account)
		}
	}
	for i := range refused {
		e.AddRefused(refused[i], who[len(rows)+i])
	}
	return e
}
