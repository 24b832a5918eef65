package gallery

import (
	"strconv"
	"time"

	"muster/models"
	"muster/views/layout"
	"muster/views/paths"
	"muster/views/trail"
	"muster/views/ui"
)

func trailFixtures() []Page {
	empty := trail.ListPage{
		Page: AdminPage("Audit", layout.NavAudit), Now: now,
		Tabs: []ui.Tab{{Label: "Everybody", URL: paths.Audit, NoCount: true, Current: true}, {Label: "People", URL: paths.Audit + "?kind=person", NoCount: true}},
	}
	none := empty
	none.Narrowed = map[string]string{"q": `"><script>alert(1)</script>`, "actor": rtlName, "from": "2026-11-01", "kind": "person", "by": TokenID}
	none.Chips = []trail.Chip{{Words: "actor", Value: rtlName, RemoveURL: paths.Audit}, {Words: "object", Value: longName, RemoveURL: paths.Audit}}
	many := empty
	many.Paging = ui.Paging{NextURL: paths.Audit + "?page=abc", Summary: "5 rows on this page"}
	many.Objects = map[string]trail.Object{
		TokenID: {Link: layout.Link{Label: "Contoso rollout", URL: paths.RegistrationToken(TokenID)}, TrailURL: paths.AuditOf(TokenID)},
		"long":  {Link: layout.Link{Label: longName, URL: paths.RegistrationToken(TokenID)}},
		authID:  {Link: layout.Link{Label: rtlLabel, URL: paths.AuthToken(authID)}, TrailURL: paths.AuditOf(authID)},
		"key":   {Link: layout.Link{Label: "TcXGbsfPvit_ofrLqaKnDJdLqiT928JOiaE-AOM3ecg"}},
	}
	for i, e := range []models.AuditEvent{
		{ActorKind: models.ActorPerson, ActorName: "Ada Admin", IP: "203.0.113.24", Action: models.AuditRegistrationTokenUpdated, ObjectID: TokenID, RequestID: TokenID, Detail: `{"count":{"from":10,"to":20},"note":{"from":"","to":"` + longName + `"}}`},
		{ActorKind: models.ActorDevice, ActorName: longName, IP: "2001:0db8:85a3:0000:0000:8a2e:0370:7334", Action: models.AuditRedeemed, ObjectID: "long"},
		{ActorKind: models.ActorAPIKey, ActorName: rtlName, Action: models.AuditAuthTokenDeleted, ObjectID: authID, Detail: `{"reason":"` + rtlName + `"}`},
		{IP: "198.51.100.7", Action: models.AuditLoginFailed},
		{ActorKind: models.ActorSystem, ActorName: "Muster", Action: models.AuditSigningKeyCreated, ObjectID: "key"},
	} {
		e.ID, e.OccurredAt = strconv.Itoa(i+1), now.Add(-time.Duration(i*i)*time.Hour-2*time.Minute)
		many.Rows = append(many.Rows, viewer.AuditEvent(&e))
	}
	return []Page{
		{"audit-empty", trail.List(empty)},
		{"audit-none-match", trail.List(none)},
		{"audit-many", trail.List(many)},
		{"audit-event", trail.Show(trail.EventPage{Page: AdminPage("Event", layout.NavAudit), Now: now, Event: &many.Rows[0], Object: many.Objects[TokenID]})},
	}
}
