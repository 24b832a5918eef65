package telling

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/ui"
	"muster/views/words"
)

// evidence is what a sentence about a finding is made of.
type evidence struct {
	*seen.Finding
	verdict *seen.Verdict
	token   *seen.RegistrationToken
	now     time.Time
}

func evidenceOf(f *seen.Finding, v *seen.Verdict, t *seen.RegistrationToken, now time.Time) evidence {
	shown := *f
	shown.Usual, shown.Names = clipped(f.Usual), nil
	for _, name := range f.Names {
		shown.Names = append(shown.Names, clipped(name))
	}
	return evidence{&shown, v, t, now}
}

// clipped shortens a name to fit into a sentence.
func clipped(name string) string {
	const most = 60
	if runes := []rune(name); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return name
}

// first is whoever took most.
func (e evidence) first() string {
	if len(e.Names) == 0 {
		return "one of them"
	}
	return e.Names[0]
}

// named lists some of the number it is about: "a, b, c and 4 more".
func (e evidence) named(number int) string {
	const most = 3
	if len(e.Names) == 0 {
		return plural(number, "device")
	}
	names := e.Names[:min(most, len(e.Names))]
	if more := number - len(names); more > 0 {
		names = append(names[:len(names):len(names)], ui.Number(more)+" more")
	}
	return list(names)
}

// acts is the number of the remedy.
func (e evidence) acts() int {
	if e.Finding.Remedy.Count == nil {
		return 0
	}
	return *e.Finding.Remedy.Count
}

// deletes is how many auth tokens the remedy deletes.
func (e evidence) deletes() int { return e.acts() - e.Finding.Remedy.Late }

// theCounts are those that the remedy gives back.
func (e evidence) theCounts() string {
	if e.acts() != e.deletes() {
		return plural(e.acts(), "count")
	}
	return "the " + agree(e.acts(), "count", "counts")
}

// holders says who is behind the uses.
func (e evidence) holders() string { return holders(e.People, e.Devices) }

func holders(persons, devices int) string {
	switch {
	case persons == 0:
		return plural(devices, "device")
	case devices == 0:
		return people(persons)
	}
	return people(persons) + " on " + plural(devices, "device")
}

// lasting is how long it lasted.
func (e evidence) lasting() string {
	return words.Span(context.Background(), max(time.Minute, e.To.Sub(e.From)))
}

// Waiting says how many are still waiting: "2 people are still waiting".
func Waiting(v *seen.Verdict) string {
	return waiting(v) + " " + agree(len(v.Waiting), "is", "are") + " still waiting"
}

// waiting says how many people are waiting, and how many devices that nobody is
// known of.
func waiting(v *seen.Verdict) string {
	devices := 0
	for i := range v.Waiting {
		if v.Waiting[i].Nobody {
			devices++
		}
	}
	return peopleAnd(len(v.Waiting)-devices, devices)
}

// WhoWaits says how many were turned away for one cause and still wait.
func WhoWaits(t *seen.TurnedAway) string {
	n := len(t.Waiting)
	return peopleAnd(n-t.Devices, t.Devices) + " " + agree(n, "is waiting", "are waiting")
}

// peopleAnd counts people, and the devices that nobody is known of.
func peopleAnd(known, devices int) string {
	var texts []string
	if known > 0 {
		texts = append(texts, people(known))
	}
	if devices > 0 {
		texts = append(texts, plural(devices, "device"))
	}
	return list(texts)
}

// tellState says what the page says of a state.
func tellState(status models.Status) func(evidence) string {
	return func(e evidence) string { return statusText(e.token, status, e.now, nil) }
}

// tellRetryLoop says when the loop was; the same device may have redeemed at
// other times too.
func tellRetryLoop(e evidence) string {
	if e.Devices > 1 {
		return fmt.Sprintf("%s took %s: each redeemed again and again, the first of them from %s on. They are %s%s",
			plural(e.Devices, "device"), plural(e.Counts, "count"), words.InSentence(e.From, e.now), e.named(e.Devices), e.surplus())
	}
	return fmt.Sprintf("%s took %s: it redeemed again and again within %s, from %s on%s",
		e.first(), plural(e.Counts, "count"), e.lasting(), words.InSentence(e.From, e.now), e.surplus())
}

// surplus says how many are too many.
func (e evidence) surplus() string {
	if n := e.acts(); n > 0 {
		return fmt.Sprintf("; %s %s too many.", ui.Number(n), agree(n, "is", "are"))
	}
	return "."
}

func shareRetryLoop(e evidence) string {
	if e.Devices > 1 {
		return "retry loops of " + plural(e.Devices, "device") + " took " + ui.Number(e.Counts)
	}
	return "a retry loop of " + e.first() + " took " + ui.Number(e.Counts)
}

func tellAutomation(e evidence) string {
	return fmt.Sprintf("%s went to %s, for %s that never came back.", plural(e.Counts, "count"), e.named(0), plural(max(1, e.Devices), "machine"))
}

func shareAutomation(e evidence) string {
	return e.first() + " took " + ui.Number(e.Counts) + " for machines that never came back"
}

func tellBurst(e evidence) string {
	return fmt.Sprintf("%s from many networks took %s within %s, starting on %s.", plural(e.Devices, "device"), plural(e.Counts, "count"), e.lasting(), words.InSentence(e.From, e.now))
}

func shareBurst(e evidence) string {
	return "a burst within " + e.lasting() + " took " + ui.Number(e.Counts)
}

func tellStrangers(e evidence) string {
	number := cmp.Or(e.Devices, e.People)
	text := fmt.Sprintf("%s, %s took %s, %s not on the expected list", e.holders(), e.which(), plural(e.Counts, "count"), agree(max(e.People, e.Devices), "is", "are"))
	if e.Usual != "" {
		text = fmt.Sprintf("%s took %s from elsewhere; most of the others are from %s", e.holders(), plural(e.Counts, "count"), e.Usual)
	}
	return fmt.Sprintf("%s. %s %s, since %s.", text, agree(number, "It is", "They are"), e.named(number), words.InSentence(e.From, e.now))
}

// which is the pronoun of the holders.
func (e evidence) which() string {
	if e.People > 0 {
		return "who"
	}
	return "which"
}

func shareStrangers(e evidence) string { return "strangers took " + ui.Number(e.Counts) }

func tellSeveralPerDevice(e evidence) string {
	if e.Devices > 1 {
		return fmt.Sprintf("%s hold %s: %s%s", plural(e.Devices, "device"), plural(e.Counts, "count"), e.named(e.Devices), e.surplus())
	}
	return fmt.Sprintf("%s holds %s%s", e.first(), plural(e.Counts, "count"), e.surplus())
}

func shareSeveralPerDevice(e evidence) string {
	if e.Devices > 1 {
		return plural(e.Devices, "device") + " with more than one hold " + ui.Number(e.Counts)
	}
	return e.first() + " holds " + ui.Number(e.Counts)
}

func tellNotGivenBack(e evidence) string {
	return fmt.Sprintf("%s %s deleted without giving the %s back: %s.", plural(e.Counts, "auth token"), agree(e.Counts, "was", "were"),
		agree(e.Counts, "count", "counts"), e.named(e.Devices))
}

func shareNotGivenBack(e evidence) string {
	return ui.Number(e.Counts) + " " + agree(e.Counts, "was", "were") + " deleted and not given back"
}

func tellUnusedSeats(e evidence) string {
	return fmt.Sprintf("%s %s not in use: %s. %s",
		plural(e.Counts, "count"), agree(e.Counts, "is", "are"), e.whyUnused(), agree(e.Counts, "It is held by ", "They are held by ")+e.named(e.Devices)+".")
}

// whyUnused gives each reason with its number, which is that of all where it is the
// only one.
func (e evidence) whyUnused() string {
	var reasons []string
	days := plural(int(models.LensSilence.Hours()/24), "day")
	for _, r := range []struct {
		number    int
		one, many string
	}{
		{e.Unused.Lapsed, "was not refreshed in time", "were not refreshed in time"},
		{e.Unused.Ended, "has ended", "have ended"},
		{e.Unused.NeverRefreshed, "was never refreshed while most others were", "were never refreshed while most others were"},
		{e.Unused.Silent, "was not seen for " + days, "were not seen for " + days},
	} {
		switch r.number {
		case 0:
		case e.Counts:
			return agree(e.Counts, "it ", "they ") + agree(e.Counts, r.one, r.many)
		default:
			reasons = append(reasons, ui.Number(r.number)+" "+agree(r.number, r.one, r.many))
		}
	}
	return list(reasons)
}

func shareUnusedSeats(e evidence) string {
	if e.Counts == e.verdict.Uses {
		return "none of the auth tokens is in use"
	}
	return ui.Number(e.Counts) + " " + agree(e.Counts, "is", "are") + " not in use"
}

func tellSeveralPerPerson(e evidence) string {
	if e.People > 1 {
		return fmt.Sprintf("%s hold %s on %s, each on more than twice as many as is usual here: %s.", people(e.People), plural(e.Counts, "count"), plural(e.Devices, "device"), e.named(e.People))
	}
	return fmt.Sprintf("%s holds %s on %s, more than twice as many as is usual here.", e.first(), plural(e.Counts, "count"), plural(e.Devices, "device"))
}

func shareSeveralPerPerson(e evidence) string {
	if e.People > 1 {
		return people(e.People) + " with many devices hold " + ui.Number(e.Counts)
	}
	return e.first() + " holds " + ui.Number(e.Counts) + " on " + plural(e.Devices, "device")
}

func tellIndistinguishable(e evidence) string {
	if len(e.Names) > 1 {
		return fmt.Sprintf("%s report one of these names and nothing else that tells them apart: %s. How many machines they are is not known.", plural(e.Counts, "use"), e.named(len(e.Names)))
	}
	return fmt.Sprintf("%s report the same name, %s, and nothing else that tells them apart. Whether that is one machine or many is not known.", plural(e.Counts, "use"), e.first())
}

func shareIndistinguishable(e evidence) string {
	return ui.Number(e.Counts) + " cannot be told apart"
}

func tellTooSmall(e evidence) string {
	more := ui.Number(e.acts()) + " more " + agree(e.acts(), "is", "are") + " needed."
	if free := len(e.verdict.Waiting) - e.acts(); free > 0 {
		return "Only " + plural(free, "count") + " " + agree(free, "is", "are") + " left or can be given back: " + more
	}
	return "No count is left or can be given back: " + more
}

func tellExpiring(e evidence) string {
	return fmt.Sprintf("It expires on %s with %s of %s unused.", words.InSentence(e.To, e.now), ui.Number(e.token.RemainingCount()), ui.Number(e.token.Count))
}

// tellNearlyUsedUp forecasts when the last count will be taken, if the recent
// pace allows it.
func tellNearlyUsedUp(e evidence) string {
	day := func(t time.Time) string { return t.In(e.now.Location()).Format("2 Jan 2006") }
	left := e.token.RemainingCount()
	text := fmt.Sprintf("%s of %s %s left; ", ui.Number(left), plural(e.token.Count, "count"), agree(left, "is", "are"))
	switch {
	case e.To.IsZero() && e.Recent == 0:
		return text + "nobody redeemed it in the past week."
	case e.To.IsZero():
		return text + fmt.Sprintf("it was redeemed %s in the past week, which is too few or too close together to say when the last one will be taken.", times(e.Recent))
	}
	text += "at the pace of the past week "
	if e.To.Before(e.token.ExpiresAt) {
		return text + "the last one will be taken on " + day(e.To) + ", before it expires on " + day(e.token.ExpiresAt) + "."
	}
	return text + "it will expire on " + day(e.token.ExpiresAt) + " before the last one is taken."
}

// tellInOrder says that nothing is wrong with them.
func tellInOrder(e evidence) string {
	switch {
	case e.Counts == 0:
		return usedOf(e.verdict, e.token) + "."
	case e.Counts < e.verdict.Uses:
		return fmt.Sprintf("The other %s of %s; nobody took more than usual.", plural(e.Counts, "count")+" "+agree(e.Counts, "is that", "are those"), e.holders())
	}
	return fmt.Sprintf("%s took %s; nobody took more than usual.", e.holders(), plural(e.Counts, "count"))
}

func shareInOrder(e evidence) string {
	return "the other " + ui.Number(e.Counts) + " " + agree(e.Counts, "is", "are") + " in order"
}
