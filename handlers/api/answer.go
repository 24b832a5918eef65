package api

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
)

// answer writes JSON that no cache may keep: it holds secrets, or says who works
// where.
func answer(c echo.Context, status int, body any) error {
	web.NoStore(c)
	web.SayAsOf(c)
	return c.JSON(status, body)
}

// created answers 201 with the address of what was created.
func created(c echo.Context, location string, body any) error {
	c.Response().Header().Set(echo.HeaderLocation, location)
	return answer(c, http.StatusCreated, body)
}

// answerPage answers {"things":{"thing":[…],"nextPageToken":…}}, with each row as
// show makes it, and how many there are in all if that was asked for.
func answerPage[R, T any](c echo.Context, thing string, asked models.PageRequest, page seen.Page[R], show func(*R) T) error {
	rows := make([]T, len(page.Items))
	for i := range page.Items {
		rows[i] = show(&page.Items[i])
	}
	list := map[string]any{thing: rows, "nextPageToken": orNull(page.NextToken())}
	if asked.Count {
		list["total"], list["totalIsMore"] = page.Total.Number, page.Total.More
	}
	return answer(c, http.StatusOK, map[string]any{thing + "s": list})
}

// orNull is a member of an answer: every member is always there, and null is a
// missing value.
func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// formatTime is RFC 3339 in UTC with whole seconds.
func formatTime(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }
