package handlers

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
)

// settings reads the body of a call that makes or changes a registration
// token; these calls take no parameters.
func (h *apiHandler) settings(c echo.Context, rules settingsRules) (models.RegistrationTokenSettings, error) {
	var f faults
	readQuery(c, &f)
	body, err := readBody(c)
	if err != nil {
		return models.RegistrationTokenSettings{}, err
	}
	rules.now, rules.longest = h.now().UTC(), h.config.MaxTokenLifetime
	return decodeSettings(body, &f, rules)
}

// answerRegistrationToken shows one, wrapped.
func (h *apiHandler) answerRegistrationToken(c echo.Context, t *models.RegistrationToken) error {
	return answer(c, http.StatusOK, apiRegistrationTokenAnswer{toAPIRegistrationToken(actorOf(c), t, "", h.now().UTC())})
}

// answerNew shows a new one with its secret, once.
func (h *apiHandler) answerNew(c echo.Context, t *models.RegistrationToken, secret models.Secret) error {
	return created(c, apiRegistrationTokensPath+"/"+t.ID,
		apiRegistrationTokenAnswer{toAPIRegistrationToken(actorOf(c), t, secret, h.now().UTC())})
}

func (h *apiHandler) createRegistrationToken(c echo.Context) error {
	settings, err := h.settings(c, settingsRules{countRequired: true})
	if err != nil {
		return err
	}
	t, secret, err := h.tokens.CreateRegistrationToken(c.Request().Context(), actorOf(c), settings)
	if err != nil {
		return err
	}
	return h.answerNew(c, t, secret)
}

func (h *apiHandler) showRegistrationToken(c echo.Context) error {
	id, err := pathID(c, thingRegistration)
	if err != nil {
		return err
	}
	var f faults
	readQuery(c, &f)
	if err := f.err(); err != nil {
		return err
	}
	t, err := h.store.RegistrationToken(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return h.answerRegistrationToken(c, t)
}

// patchRegistrationToken keeps what is left out.
func (h *apiHandler) patchRegistrationToken(c echo.Context) error {
	id, err := pathID(c, thingRegistration)
	if err != nil {
		return err
	}
	settings, err := h.settings(c, settingsRules{nulls: nullClears})
	if err != nil {
		return err
	}
	t, err := h.tokens.UpdateRegistrationToken(c.Request().Context(), actorOf(c), id, settings)
	if err != nil {
		return err
	}
	return h.answerRegistrationToken(c, t)
}

// putRegistrationToken sets what is left out back to its default.
func (h *apiHandler) putRegistrationToken(c echo.Context) error {
	id, err := pathID(c, thingRegistration)
	if err != nil {
		return err
	}
	settings, err := h.settings(c, settingsRules{countRequired: true})
	if err != nil {
		return err
	}
	t, err := h.tokens.ResetRegistrationToken(c.Request().Context(), actorOf(c), id, settings)
	if err != nil {
		return err
	}
	return h.answerRegistrationToken(c, t)
}

func (h *apiHandler) replaceRegistrationToken(c echo.Context) error {
	id, err := pathID(c, thingRegistration)
	if err != nil {
		return err
	}
	settings, err := h.settings(c, settingsRules{bodyOptional: true, nulls: nullClears})
	if err != nil {
		return err
	}
	t, secret, err := h.tokens.ReplaceRegistrationToken(c.Request().Context(), actorOf(c), id, settings)
	if err != nil {
		return err
	}
	return h.answerNew(c, t, secret)
}

// deleteRegistrationToken keeps the auth tokens unless told otherwise.
func (h *apiHandler) deleteRegistrationToken(c echo.Context) error {
	id, err := pathID(c, thingRegistration)
	if err != nil {
		return err
	}
	var f faults
	q := readQuery(c, &f, "authTokens")
	with := choice(q, "authTokens", []string{"keep", "delete"}) == "delete"
	if err := noBody(c, &f, "Say authTokens=keep or authTokens=delete in the address."); err != nil {
		return err
	}
	if err := f.err(); err != nil {
		return err
	}
	if _, err := h.tokens.DeleteRegistrationToken(c.Request().Context(), actorOf(c), id, models.RegistrationTokenDeletion{AuthTokens: with}); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// lookupRegistrationToken finds a registration token by its secret. Look-ups
// are audited, and limited per actor.
func (h *apiHandler) lookupRegistrationToken(c echo.Context) error {
	var f faults
	readQuery(c, &f)
	body, err := readBody(c)
	if err != nil {
		return err
	}
	secret, err := decodeLookup(body, &f)
	if err != nil {
		return err
	}
	if err := h.lookups.count(actorOf(c).ID); err != nil {
		return err
	}
	t, err := h.tokens.LookupRegistrationToken(c.Request().Context(), actorOf(c), secret)
	if err != nil {
		return h.judgeGuess(c, err)
	}
	return h.answerRegistrationToken(c, t)
}

func decodeLookup(body []byte, f *faults) (models.Secret, error) {
	o, err := parseObject(body, f)
	if err != nil {
		return "", err
	}
	token, given := o.text("token"), len(f.fields)
	o.finish()
	if given == 0 && (token == nil || *token == "") {
		f.add("token", "token is required: the whole registration token.")
	}
	if err := f.err(); err != nil {
		return "", err
	}
	return models.Secret(*token), nil
}

// sortableRegistrationTokens are the fields a list may be sorted by.
var sortableRegistrationTokens = []string{
	"identifier", "count", "usedCount", "remainingCount", "expirationDate", "createdAt", "updatedAt",
}

func (h *apiHandler) listRegistrationTokens(c echo.Context) error {
	ctx := c.Request().Context()
	var f faults
	q := readQuery(c, &f, append([]string{"identifier", "refId1", "refId2", "status", "customer"}, pagingParameters...)...)
	filter := models.RegistrationTokenFilter{
		Identifier: q.text("identifier", maxParameter),
		RefID1:     q.text("refId1", maxParameter),
		RefID2:     q.text("refId2", maxParameter),
		Status:     choice(q, "status", models.Statuses),
	}
	page := q.page(sortableRegistrationTokens)
	if customer := q.text("customer", maxParameter); customer != "" {
		id, err := h.customerID(c, customer)
		if err != nil {
			return err
		}
		if id == "" {
			f.add("customer", "There is no such customer.")
		}
		filter.CustomerID = id
	}
	if err := f.err(); err != nil {
		return err
	}
	asked := map[string]string{"identifier": filter.Identifier, "refId1": filter.RefID1, "refId2": filter.RefID2}
	if err := h.lookUpPersonal(c, asked); err != nil {
		return err
	}
	now := h.now().UTC().Truncate(time.Microsecond)
	found, err := h.store.RegistrationTokens(ctx, filter, page, now)
	if err != nil {
		return err
	}
	var body apiRegistrationTokenPage
	rows := make([]apiRegistrationToken, len(found.Items))
	for i := range found.Items {
		rows[i] = toAPIRegistrationToken(actorOf(c), &found.Items[i], "", now)
	}
	body.RegistrationTokens.RegistrationToken = rows
	body.RegistrationTokens.NextPageToken = orNull(found.NextToken)
	return answer(c, http.StatusOK, body)
}

// customerID finds a customer by id or identifier; empty when there is none.
func (h *apiHandler) customerID(c echo.Context, idOrIdentifier string) (string, error) {
	customers, err := h.store.Customers(c.Request().Context())
	if err != nil {
		return "", err
	}
	for _, customer := range customers {
		if customer.ID == idOrIdentifier || customer.Identifier == idOrIdentifier {
			return customer.ID, nil
		}
	}
	return "", nil
}
