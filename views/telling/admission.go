package telling

import (
	"strings"

	"muster/models"
	"muster/seen"
	"muster/views/ui"
)

// ExpectationKind is what an entry of an expected list is compared with.
func ExpectationKind(k models.ExpectationKind) string {
	switch k {
	case models.ExpectEmail:
		return "E-mail"
	case models.ExpectHost:
		return "Computer"
	default:
		return "Person"
	}
}

// ByClaim follows the kind of an e-mail entry that claims meet; see
// [models.Expectation.ByClaim].
func ByClaim(holds bool) string {
	if holds {
		return ", or a claim of it"
	}
	return ""
}

// FilterNotLock says of a list under the rule "only the expected" that it proves
// nothing where what a device reports can meet its entries; empty where it proves who
// is let in.
func FilterNotLock(claimable, entries int) string {
	switch {
	case claimable == 0:
		return ""
	case claimable >= entries:
		return "This list is a filter, not a lock: it goes by what devices report about themselves, which anybody who has the secret can make up."
	}
	return "This list is a filter, not a lock: " + ui.Number(claimable) + " of its " + ui.Plural(entries, "entry", "entries") + " " + agree(claimable, "goes", "go") +
		" by what devices report about themselves, which anybody who has the secret can make up."
}

// AdmissionRules says who may redeem t, a sentence for each rule.
func AdmissionRules(t *seen.RegistrationToken) []string {
	var sentences []string
	add := func(holds bool, text string) {
		if holds {
			sentences = append(sentences, text)
		}
	}
	add(t.OnlyExpected, "Only people and computers on the list are let in.")
	add(!t.OnlyExpected && t.ExpectedCount > 0, "Whoever is not on the list is let in too, and marked as unexpected.")
	add(t.SignInRequired, "Only people who are signed in are let in.")
	add(len(t.EmailDomains) > 0, "Only people signed in with a verified e-mail address at "+strings.Join(t.EmailDomains, ", ")+" are let in.")
	add(len(t.Networks) > 0, "Only redemptions from "+strings.Join(t.Networks, ", ")+" are let in.")
	add(len(sentences) == 0, "Whoever has the secret is let in, until the count is used up.")
	return sentences
}

// Admission says whether somebody would be let in, and why.
type Admission struct {
	Admitted      bool
	Heading, Text string
}

// AdmissionAnswer says whether somebody would be let in now, from the status of
// the registration token and the verdict of its list and rules; see
// [models.Judged].
func AdmissionAnswer(status models.Status, refused models.AdmissionRule, expected *seen.Expectation, unexpected bool) Admission {
	onList := "There is no expected list, and no rule forbids it."
	switch {
	case expected != nil:
		onList = "They are expected: “" + expected.Pattern + "” is on the list."
	case unexpected:
		onList = "Nothing on the list matches, so their auth token would be marked as unexpected."
	}
	state := "The registration token is " + string(status)
	switch {
	case status != models.StatusActive && refused != "":
		return Admission{Heading: "No, nobody is let in now", Text: state + ", and its rules would refuse them too: " + ruleText(refused) + "."}
	case status != models.StatusActive:
		return Admission{Heading: "No, nobody is let in now", Text: state + ". " + onList}
	case refused == "":
		return Admission{Admitted: true, Heading: "Yes, they would be let in", Text: onList}
	case expected == nil:
		onList = ""
	}
	return Admission{Heading: "No, they would be turned away", Text: strings.TrimSpace(upperFirst(ruleText(refused)) + ". " + onList)}
}

// ruleText is why a rule turns somebody away, for use inside a sentence.
func ruleText(rule models.AdmissionRule) string {
	entry, _ := refusalFor(models.CodeIdentityNotAllowed, rule)
	return lowerFirst(entry.reason)
}
