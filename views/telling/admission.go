package telling

import (
	"strings"

	"muster/models"
	"muster/seen"
)

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
