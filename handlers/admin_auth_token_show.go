package handlers

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views"
	"muster/views/layout"
)

func (h *adminHandler) showAuthToken(c echo.Context) error {
	ctx, now, actor := c.Request().Context(), h.now().UTC(), actorOf(c)
	token, err := h.store.AuthToken(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	if err := h.look(c, objectAuthToken, token.ID); err != nil {
		return err
	}
	token = masked(viewerOf(c), token)
	source, err := h.registrationTokenLink(ctx, &token.RegistrationTokenID, actor)
	if err != nil {
		return err
	}
	several, err := h.read.SeveralCustomers(ctx)
	if err != nil {
		return err
	}
	changes, err := h.authTokenChanges(ctx, token.ID, masker(viewerOf(c)), now)
	if err != nil {
		return err
	}
	title := authTokenTitle(token)
	frame, err := h.authTokenPage(c, title, layout.Link{Label: title})
	if err != nil {
		return err
	}
	p := authTokenDetailPage(frame, token, actor, now)
	p.Changes = changes
	if p.UseNumber, err = h.useNumber(ctx, token); err != nil {
		return err
	}
	if source != nil {
		p.RegistrationToken = *source
	}
	if several {
		p.Customer = token.Customer.Name
	}
	return render(c, http.StatusOK, views.AuthTokenDetail(p))
}

// useNumber says which use of its registration token made the auth token; 0
// when the ledger row is not there.
func (h *adminHandler) useNumber(ctx context.Context, t *models.AuthToken) (int, error) {
	r, err := h.store.Redemption(ctx, t.RedemptionID)
	if err != nil {
		if models.ErrorKind(err) == models.KindNotFound {
			return 0, nil
		}
		return 0, err
	}
	return r.UseNumber, nil
}

// authTokenTitle names an auth token by its person, else by its host.
func authTokenTitle(t *models.AuthToken) string {
	return cmp.Or(personOf(t.VerifiedIdentity, t.ClaimedIdentity).Name, t.FQDN, t.ID)
}

func authTokenDetailPage(frame layout.Page, t *models.AuthToken, actor models.Actor, now time.Time) views.AuthTokenDetailPage {
	p := views.AuthTokenDetailPage{
		Page: frame, ID: t.ID, Identifier: t.Identifier, Person: personOf(t.VerifiedIdentity, t.ClaimedIdentity),
		Host: t.FQDN, MAC: t.MACAddress, RefID1: t.RefID1, RefID2: t.RefID2, UserAgent: t.UserAgent,
		VerifiedIssuer: t.Issuer, VerifiedSubject: t.Subject,
		RegistrationToken: layout.Link{Label: t.RegistrationTokenID, URL: registrationTokenURL(t.RegistrationTokenID)},
		State:             t.State(now), StateText: authTokenStateText(t, now),
		Created: momentOf(t.CreatedAt, now), CreatedIP: t.IP,
		LastSeen: momentOf(t.LastSeenAt, now), LastSeenIP: t.LastSeenIP,
		Generation: t.Generation, IdleExpires: momentOf(t.IdleExpiresAt, now),
		Ended: momentOfOptional(t.EndedAt, now), EndReason: endReason(t.EndReason),
		Deleted: momentOfOptional(t.DeletedAt, now), DeletedBy: t.DeletedBy,
		DeleteReason: t.DeleteReason, CountReclaimed: t.CountReclaimed,
	}
	if actor.Can(models.PermissionAuthTokenWrite) && t.DeletedAt == nil {
		p.DeleteURL = authTokensURL + "/delete?id=" + url.QueryEscape(t.ID)
	}
	return p
}
