package handlers

import (
	"context"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
)

// exportSuffix makes the address of a list's export.
const exportSuffix = "/export"

// exportURL is where the list, as it is narrowed and sorted, is exported.
func (q listQuery) exportURL() string {
	q.path += exportSuffix
	return q.url(q.state, "")
}

// columnsURL is where the columns of the list are chosen.
func (q listQuery) columnsURL() string {
	page := q.page
	q.path = registrationTokenColumnsURL
	return q.url(q.state, page)
}

// narrowed says what narrows the list, for the trail.
func (q listQuery) narrowed(mask func(string) string) []string {
	values := map[string][]string{}
	for name, list := range q.more {
		values[name] = list
	}
	for name, value := range map[string]string{"q": q.search, q.stateName: q.state} {
		if value != "" {
			values[name] = []string{value}
		}
	}
	return narrowedBy(values, mask)
}

// wholePage asks for a page of an export in the list's order.
func (q listQuery) wholePage(token string) models.PageRequest {
	request := q.request()
	request.Size, request.Token = models.MaxPageSize, token
	return request
}

func (h *adminHandler) exportRegistrationTokens(c echo.Context) error {
	q, filter, err := h.registrationTokenQuery(c)
	if err != nil {
		return err
	}
	actor, now := actorOf(c), h.now().UTC()
	narrowed := q.narrowed(masker(actor))
	var form struct {
		IDs []string `form:"id"`
	}
	if err := bindForm(c, &form); err != nil {
		return err
	}
	if ids := selection(form.IDs); len(ids) > 0 {
		if len(ids) > models.MaxPageSize {
			return models.InvalidField("id", "At most 500 registration tokens can be selected at once.")
		}
		filter.IDs, narrowed = ids, append(narrowed, "selected: "+strconv.Itoa(len(ids)))
	}
	return sendExport(h, c, export[models.RegistrationToken]{
		name: "registration-tokens", object: "registration_token", narrowed: narrowed,
		columns: []string{
			"id", "label", "hint", "customer", "status", "count", "used", "remaining", "turned_away", "expires", "last_redemption",
			"reference_1", "reference_2", "note", "created_by", "created",
		},
		read: func(ctx context.Context, token string) (models.Page[models.RegistrationToken], error) {
			return h.store.RegistrationTokens(ctx, filter, q.wholePage(token), now)
		},
		cells: func(item *models.RegistrationToken) []string {
			t := maskedRegistrationToken(actor, item)
			return []string{
				t.ID, t.Identifier, t.Hint, t.Customer.Name, string(t.Status(now)), strconv.Itoa(t.Count), strconv.Itoa(t.UsedCount),
				strconv.Itoa(t.RemainingCount()), strconv.Itoa(t.RefusedCount), csvTime(t.ExpiresAt), csvTimeOptional(t.LastRedeemedAt),
				t.RefID1, t.RefID2, t.Note, t.CreatedBy, csvTime(t.CreatedAt),
			}
		},
	})
}

func (h *adminHandler) exportAuthTokens(c echo.Context) error {
	q, err := h.authTokenQuery(c)
	if err != nil {
		return err
	}
	actor, now := actorOf(c), h.now().UTC()
	return sendExport(h, c, export[models.AuthToken]{
		name: "auth-tokens", object: "auth_token", narrowed: q.narrowed(masker(actor)),
		columns: []string{
			"id", "state", "verified_email", "verified_subject", "system_user_name", "fqdn", "mac_address", "ip", "last_seen_ip", "label",
			"reference_1", "reference_2", "registration_token_id", "redeemed", "last_seen", "deleted", "deleted_by", "delete_reason", "count_given_back",
		},
		read: func(ctx context.Context, token string) (models.Page[models.AuthToken], error) {
			return h.store.AuthTokens(ctx, q.filter, q.wholePage(token), now)
		},
		cells: func(item *models.AuthToken) []string {
			t := masked(actor, item)
			return []string{
				t.ID, string(t.State(now)), t.Email, t.Subject, t.SystemUserName, t.FQDN, t.MACAddress, t.IP, t.LastSeenIP, t.Identifier,
				t.RefID1, t.RefID2, t.RegistrationTokenID, csvTime(t.CreatedAt), csvTime(t.LastSeenAt), csvTimeOptional(t.DeletedAt),
				t.DeletedBy, t.DeleteReason, strconv.FormatBool(t.CountReclaimed),
			}
		},
	})
}

// csvTime is a time as spreadsheets and scripts read it, in UTC.
func csvTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func csvTimeOptional(t *time.Time) string {
	if t == nil {
		return ""
	}
	return csvTime(*t)
}
