package visitor

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/models"
	"muster/views/layout"
	"muster/views/ui"
	"muster/views/words"
)

// SettingsPage is how pages look to the person who is signed in.
type SettingsPage struct {
	layout.Page
	Chosen models.Preferences // as it is, or as it was sent
	// BrowsersZone is the time zone that the browser is in; empty when it did not say.
	BrowsersZone string
	Now          time.Time
	Errors       ui.FieldErrors
}

// staff tells whether the person has more pages than those for everybody.
func (p SettingsPage) staff() bool { return p.Actor != nil && p.Actor.CanSeeRegistrationTokens }

// zonesOf are the time zones of a part of the world, by city.
type zonesOf struct {
	Region string
	Zones  []ui.Option
}

// zoneGroups are the time zones to choose from. A label begins with the city, so that
// typing its name finds it.
func zoneGroups() []zonesOf {
	var groups []zonesOf
	for _, name := range models.Zones() {
		region, place, ok := strings.Cut(name, "/")
		if !ok {
			continue
		}
		country, city, ok := strings.Cut(place, "/")
		label := city + " (" + country + ")"
		if !ok {
			label = place
		}
		if len(groups) == 0 || groups[len(groups)-1].Region != region {
			groups = append(groups, zonesOf{Region: region})
		}
		last := &groups[len(groups)-1]
		last.Zones = append(last.Zones, ui.Option{Value: name, Label: strings.ReplaceAll(label, "_", " ")})
	}
	for _, group := range groups {
		slices.SortFunc(group.Zones, func(a, b ui.Option) int { return cmp.Compare(a.Label, b.Label) })
	}
	return groups
}

// firstZones stand before the groups: the browser's, UTC, and the chosen one where
// the groups do not have it.
func (p SettingsPage) firstZones(ctx context.Context) []ui.Option {
	first := ui.Option{Label: words.Say(ctx, "settings.zone_none")}
	if p.BrowsersZone != "" {
		first.Label = words.Say(ctx, "settings.zone_browser", words.Data{"Zone": p.BrowsersZone})
	}
	options := []ui.Option{first, {Value: "UTC", Label: "UTC"}}
	if p.Chosen.Zone != "" && !slices.Contains(models.Zones(), p.Chosen.Zone) {
		options = append(options, ui.Option{Value: p.Chosen.Zone, Label: p.Chosen.Zone})
	}
	return options
}

func (p SettingsPage) languages(ctx context.Context) []ui.Option {
	options := []ui.Option{{Label: words.Say(ctx, "settings.language_browser")}}
	for _, l := range words.Languages() {
		options = append(options, ui.Option{Value: l.Code, Label: l.Name})
	}
	return options
}

func (p SettingsPage) themes(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, theme := range models.Themes {
		options = append(options, ui.Option{Value: theme, Label: words.Say(ctx, "settings.theme_"+theme)})
	}
	return options
}

func (p SettingsPage) rows() []ui.Option {
	var options []ui.Option
	for _, n := range models.RowChoices {
		options = append(options, ui.Option{Value: strconv.Itoa(n), Label: strconv.Itoa(n)})
	}
	return options
}
