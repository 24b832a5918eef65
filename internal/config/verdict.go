package config

import (
	"strconv"
	"time"

	"muster/models"
)

// VerdictFlags are the thresholds of a verdict; see [models.VerdictRules].
type VerdictFlags struct {
	RetryGap      string `placeholder:"DURATION" help:"How soon a device comes back that retries (MUSTER_VERDICT_RETRY_GAP, default 10m)."`
	RetryUses     string `placeholder:"NUMBER" help:"How many uses of one device make a retry loop (MUSTER_VERDICT_RETRY_USES, default 3)."`
	PersonDevices string `placeholder:"NUMBER" help:"How many devices of one person are more than usual (MUSTER_VERDICT_PERSON_DEVICES, default 3)."`
	UsualPercent  string `placeholder:"NUMBER" help:"Part of the uses that makes a domain or network the usual one (MUSTER_VERDICT_USUAL_PERCENT, default 60)."`
	UsualUses     string `placeholder:"NUMBER" help:"Uses that takes at least (MUSTER_VERDICT_USUAL_USES, default 5)."`
	BurstWindow   string `placeholder:"DURATION" help:"Within what time many new devices are a burst (MUSTER_VERDICT_BURST_WINDOW, default 10m)."`
	BurstDevices  string `placeholder:"NUMBER" help:"Devices a burst has at least (MUSTER_VERDICT_BURST_DEVICES, default 10)."`
	BurstNetworks string `placeholder:"NUMBER" help:"Networks they come from at least (MUSTER_VERDICT_BURST_NETWORKS, default 5)."`
}

// maxVerdictUses bounds the thresholds that are numbers of uses: a verdict
// looks at no more.
const maxVerdictUses = models.MaxPageSize

// verdictRules reads the thresholds; what is not set is the default.
func (l *loader) verdictRules(f VerdictFlags) models.VerdictRules {
	r := models.DefaultVerdictRules()
	for _, s := range []struct {
		variable, flag string
		value          *time.Duration
	}{
		{"MUSTER_VERDICT_RETRY_GAP", f.RetryGap, &r.RetryGap},
		{"MUSTER_VERDICT_BURST_WINDOW", f.BurstWindow, &r.BurstWindow},
	} {
		*s.value = l.duration(s.variable, s.flag, FormatDuration(*s.value), time.Second, 7*day)
	}
	for _, s := range []struct {
		variable, flag string
		value          *int
		least, most    int
	}{
		{"MUSTER_VERDICT_RETRY_USES", f.RetryUses, &r.RetryUses, 2, maxVerdictUses},
		{"MUSTER_VERDICT_PERSON_DEVICES", f.PersonDevices, &r.PersonDevices, 2, maxVerdictUses},
		{"MUSTER_VERDICT_USUAL_PERCENT", f.UsualPercent, &r.UsualPercent, 51, 100},
		{"MUSTER_VERDICT_USUAL_USES", f.UsualUses, &r.UsualUses, 2, maxVerdictUses},
		{"MUSTER_VERDICT_BURST_DEVICES", f.BurstDevices, &r.BurstDevices, 2, maxVerdictUses},
		{"MUSTER_VERDICT_BURST_NETWORKS", f.BurstNetworks, &r.BurstNetworks, 1, maxVerdictUses},
	} {
		*s.value = l.number(s.variable, s.flag, *s.value, s.least, s.most)
	}
	return r
}

// number reads a whole number.
func (l *loader) number(variable, flag string, otherwise, least, most int) int {
	v := l.text(variable, flag, strconv.Itoa(otherwise))
	n, err := strconv.Atoi(v)
	switch {
	case err != nil:
		l.wrong("%s is %q, which is not a whole number; write it like %d.", variable, v, otherwise)
	case n < least || n > most:
		l.wrong("%s is %d and must lie between %d and %d; choose a value in between.", variable, n, least, most)
	default:
		return n
	}
	return otherwise
}

// verdictSettings lists the thresholds in force.
func (c *Config) verdictSettings() []Setting {
	r := c.Verdict
	return []Setting{
		{"MUSTER_VERDICT_RETRY_GAP", FormatDuration(r.RetryGap)},
		{"MUSTER_VERDICT_RETRY_USES", strconv.Itoa(r.RetryUses)},
		{"MUSTER_VERDICT_PERSON_DEVICES", strconv.Itoa(r.PersonDevices)},
		{"MUSTER_VERDICT_USUAL_PERCENT", strconv.Itoa(r.UsualPercent)},
		{"MUSTER_VERDICT_USUAL_USES", strconv.Itoa(r.UsualUses)},
		{"MUSTER_VERDICT_BURST_WINDOW", FormatDuration(r.BurstWindow)},
		{"MUSTER_VERDICT_BURST_DEVICES", strconv.Itoa(r.BurstDevices)},
		{"MUSTER_VERDICT_BURST_NETWORKS", strconv.Itoa(r.BurstNetworks)},
	}
}
