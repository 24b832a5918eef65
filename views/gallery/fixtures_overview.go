package gallery

import (
	"muster/models"
	"muster/views"
	"muster/views/layout"
	"muster/views/ui"
)

func overviewFixtures() []Page {
	fresh := views.OverviewPage{Page: AdminPage("Overview", layout.NavOverview), Fresh: true, NewURL: "/admin/registration-tokens/new"}
	calm := fresh
	calm.Fresh = false
	calm.Figures = []views.Figure{
		{Label: "Active registration tokens", Value: 4, Of: "12", URL: "/admin/registration-tokens?status=active"},
		{Label: "Redeemed today", Value: 0, Spark: []int{0, 0, 0, 0, 0, 0, 0}, SparkLabel: "Nothing in the last 7 days"},
		{Label: "Turned away today", Value: 0},
		{Label: "Need attention", Value: 0},
	}
	busy := calm
	busy.Figures = []views.Figure{
		{Label: "Active registration tokens", Value: 1_204, Of: "12,000", URL: "/admin/registration-tokens?status=active"},
		{Label: "Redeemed today", Value: 1_000_000, Spark: []int{3, 5, 2, 8, 13, 4, 21}, SparkLabel: "From 3 to 21 a day in the last 7 days"},
		{Label: "Turned away today", Value: 38, Spark: []int{0, 0, 1, 0, 2, 0, 38}, SparkLabel: "From 0 to 38 a day in the last 7 days"},
		{Label: "Need attention", Value: 25},
	}
	for _, name := range []string{"Contoso rollout Q4", rtlLabel, longName} {
		busy.Attention = append(busy.Attention, views.AttentionRow{
			Identifier: name, URL: tokenURL, Sentence: "has 4 of 200 left and 38 people turned away since", Since: minutesAgo,
			Usage: ui.Usage{RegistrationTokenID: TokenID[:25] + ui.Number(len(busy.Attention)), Used: 196, Count: 200, Status: models.StatusActive}, Action: "Raise the count", ActionURL: "/e",
		})
	}
	busy.More, busy.MoreURL = 22, "/admin/registration-tokens?sort=urgent"
	for i, p := range people {
		row := views.ActivityRow{Person: p.person, Host: p.host, URL: "/admin/auth-tokens/" + authID, RegistrationToken: layout.Link{Label: "Rollout Berlin", URL: tokenURL}, When: minutesAgo}
		if i%2 == 1 {
			row.Refused, row.Reason, row.URL = true, "Count used up", "/admin/investigate?code=K7Q4-M2QX"
		}
		busy.Activity = append(busy.Activity, row)
	}
	return []Page{
		{"overview-fresh", views.Overview(fresh)},
		{"overview-calm", views.Overview(calm)},
		{"overview-busy", views.Overview(busy)},
	}
}
