package trail

import (
	"context"
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/telling"
	views "muster/views/trail"
	"muster/views/ui"
)

// tabs narrow the trail by kind of actor.
func (q query) tabs() []ui.Tab {
	tabs := make([]ui.Tab, len(actorKinds))
	for i, kind := range actorKinds {
		value := string(kind.value)
		tabs[i] = ui.Tab{Label: kind.label, NoCount: true, Current: q.More.Get("kind") == value, URL: q.with("kind", value)}
	}
	return tabs
}

// chips are the filters besides the search and the kind of actor, each with a
// link that removes it. KindNotFound when the event that names an actor does
// not exist.
func (h *Trail) chips(ctx context.Context, v seen.Viewer, q query) ([]views.Chip, error) {
	var chips []views.Chip
	for _, filter := range []struct{ name, words string }{
		{"by", "by exactly"}, {"actor", "actor"}, {"action", "action"}, {"object", "object"}, {"from", "from"}, {"to", "until the end of"},
	} {
		if !q.More.Has(filter.name) {
			continue
		}
		chip := views.Chip{Words: filter.words, Value: q.More.Get(filter.name), RemoveURL: q.with(filter.name, "")}
		switch filter.name {
		case "by":
			event, err := h.Read.AuditEvent(ctx, v, chip.Value)
			if err != nil {
				return nil, err
			}
			if chip.Value = telling.Actor(event); chip.Value == "" {
				chip.Words, chip.Value = "by", "nobody signed in"
			}
		case "action":
			chip.Value = telling.ActionName(models.AuditAction(chip.Value))
		case "from", "to":
			day, _ := time.Parse(time.DateOnly, q.More.Get(filter.name))
			chip.Value = day.Format("2 Jan 2006") + " (" + q.More.Get(ui.ZoneField) + ")"
		}
		chips = append(chips, chip)
	}
	return chips, nil
}
