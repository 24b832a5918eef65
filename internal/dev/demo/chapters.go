package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"muster/models"
)

// tell schedules the whole past. Days count back from now, except in expiries,
// which say when a token ends (or ended).
func (s *story) tell() {
	nora := administrator("Nora Lindqvist", "nora.lindqvist")
	rahul := administrator("Rahul Deshpande", "rahul.deshpande")
	ines := colleague("Ines Moreau", "ines.moreau", models.RoleHelpdesk)

	s.rollout(nora)
	s.nearlyExhausted(rahul, ines)
	s.exhausted(nora, ines)
	s.expiredWithCountsLeft(rahul, ines)
	s.disabled(nora)
	s.replaced(rahul)
	s.deleted(nora)
	s.singleUse(nora)
	s.retryLoop(rahul)
	s.runners(nora, ines)
	s.expiresSoon(nora)
	s.lostLaptop(rahul)
	s.idle(nora)
	s.unused(rahul)
	s.workshop(nora)
}

func (s *story) in(days int) time.Time { return s.now.AddDate(0, 0, days).Truncate(time.Second) }

// rollout is the big one: 400 of 1,000, still going on.
func (s *story) rollout(by models.Actor) {
	t := s.create(s.ago(43), by, settings{
		identifier: "Contoso rollout", ref: "PO-2026-4471", count: 1000, expires: s.in(61),
		note: "Everybody with a Modeler seat, all sites. Ask Nora before raising it.",
	})
	people := s.people()
	machines := s.crowd(t, 360, 42, 2, people)
	for i := range 40 { // today and yesterday
		machines = append(machines, s.redeem(s.now.Add(-time.Duration(i*37+3)*time.Minute), t, people.next()))
	}
	s.reuse(s.ago(1).Add(-30*time.Hour), machines[0])
	s.ownAuthTokens(t)
}

// ownAuthTokens are those of the visitor: a laptop in use, and one that has
// been silent since.
func (s *story) ownAuthTokens(t *token) {
	visitor := person{
		user: "emily.carter", host: "lon-lt-0417.emea.contoso.example", mac: "a4:bb:6d:00:04:17", ip: "10.40.7.23", agent: browser,
		verified: s.visitor, page: true,
	}
	laptop := s.redeem(s.ago(20), t, visitor)
	s.refresh(s.ago(6), laptop)
	s.refresh(s.now.Add(-90*time.Minute), laptop)
	visitor.host, visitor.mac = "lon-ws-0093.emea.contoso.example", "a4:bb:6d:00:00:93"
	s.redeem(s.ago(35), t, visitor)
}

// nearlyExhausted is at 46 of 50.
func (s *story) nearlyExhausted(by, helpdesk models.Actor) {
	t := s.create(s.ago(31), by, settings{identifier: "Engineering laptops", ref: "PO-2026-4502", count: 40, expires: s.in(23)})
	count := 50
	s.change(s.ago(16), t, by, models.RegistrationTokenSettings{Count: &count})
	s.crowd(t, 30, 29, 17, s.people("fra", "muc", "lon"))
	s.crowd(t, 16, 14, 1, s.people("fra", "muc", "lon"))
	more := 20
	s.ask(s.now.Add(-50*time.Minute), t, helpdesk, models.RequestedRemedy{Kind: models.RemedyRaise, Count: &more},
		"18 new engineers start on Monday.", "HD-20417", by, "")
}

// exhausted turned nine people away who came too late.
func (s *story) exhausted(by, helpdesk models.Actor) {
	t := s.create(s.ago(27), by, settings{identifier: "Tokyo office", ref: "PO-2026-4388", count: 25, expires: s.in(12)})
	people := s.people("tyo", "sin")
	s.crowd(t, 25, 25, 6, people)
	for i := range 9 {
		s.refused(s.now.Add(-time.Duration(i*7+4)*time.Hour), t, people.next(), models.CodeRegistrationTokenExhausted)
	}
	s.note(s.now.Add(-5*time.Hour), t, helpdesk, "Kenji called: the order was for 35 seats, and sales confirms it.", "HD-20398")
}

// expiredWithCountsLeft has 7 of 20 unused and people who did not make it.
func (s *story) expiredWithCountsLeft(by, helpdesk models.Actor) {
	t := s.create(s.ago(38), by, settings{
		identifier: "Spring training course", count: 20, expires: s.in(-4).Add(-3 * time.Hour),
		note: "One seat for each participant; the course ended.",
	})
	people := s.people("lon", "nbo")
	s.crowd(t, 13, 36, 8, people)
	for i := range 4 {
		s.refused(s.now.Add(-time.Duration(i*19+2)*time.Hour), t, people.next(), models.CodeRegistrationTokenExpired)
	}
	seats := 4
	s.ask(s.now.Add(-95*time.Minute), t, helpdesk, models.RequestedRemedy{Kind: models.RemedyReplace, Count: &seats},
		"Four participants were ill and catch up next week.", "HD-20411", by, "")
}

func (s *story) disabled(by models.Actor) {
	t := s.create(s.ago(34), by, settings{identifier: "Contractors", ref: "HR-118", count: 30, expires: s.in(40)})
	people := s.people("nyc", "aus")
	s.crowd(t, 12, 33, 11, people)
	enabled := false
	note := "Disabled until the new contract is signed."
	s.change(s.ago(9), t, by, models.RegistrationTokenSettings{Enabled: &enabled, Note: &note})
	for i := range 3 {
		s.refused(s.now.Add(-time.Duration(i*26+9)*time.Hour), t, people.next(), models.CodeRegistrationTokenDisabled)
	}
}

// replaced leaked in a mail; its successor carries the remaining count.
func (s *story) replaced(by models.Actor) {
	t := s.create(s.ago(30), by, settings{identifier: "Munich lab", ref: "LAB-7", count: 40, expires: s.in(30)})
	people := s.people("muc")
	s.crowd(t, 8, 28, 16, people)
	note := "Successor: the first secret was sent to a public list."
	expires := s.in(45)
	successor := s.replace(s.ago(14), t, by, models.RegistrationTokenSettings{Note: &note, ExpiresAt: &expires})
	s.refused(s.ago(6), t, people.next(), models.CodeRegistrationTokenDisabled)
	s.crowd(successor, 6, 12, 1, people)
}

func (s *story) deleted(by models.Actor) {
	t := s.create(s.ago(55), by, settings{identifier: "Pilot group", count: 10, expires: s.in(20)})
	s.crowd(t, 10, 54, 45, s.people("fra"))
	s.at(s.ago(20), func(ctx context.Context) error {
		_, err := s.service.DeleteRegistrationToken(ctx, by, t.id, models.RegistrationTokenDeletion{})
		return err
	})
}

// singleUse is one token per recipient: one used, two still waiting.
func (s *story) singleUse(by models.Actor) {
	for i, recipient := range []string{"Emily Carter, new laptop", "Wanjiru Kamau, new laptop", "Build server night-02"} {
		t := s.create(s.ago(5), by, settings{identifier: recipient, ref: fmt.Sprintf("REQ-%d", 90211+i), count: 1, expires: s.in(25)})
		if i == 2 {
			s.redeem(s.ago(3), t, person{
				user: "svc-build", host: "night-02.ci.contoso.example", mac: "00:50:56:1f:a2:07",
				ip: "10.20.9.12", agent: "ContosoRender/4.7 libcurl/8.9.1",
			})
		}
	}
}

// retryLoop is a script without an idempotency key: one host took 14 counts
// in ten minutes. Nine of them were deleted and given back later.
func (s *story) retryLoop(by models.Actor) {
	t := s.create(s.ago(18), by, settings{identifier: "Render farm", ref: "OPS-2231", count: 20, expires: s.in(33)})
	people := s.people("aus")
	s.crowd(t, 6, 17, 12, people)
	loop := person{
		user: "svc-render", host: "render-17.farm.contoso.example", mac: "00:50:56:3c:11:9e",
		ip: "10.41.200.17", agent: "python-requests/2.32.3",
	}
	start := s.ago(7)
	var machines []*machine
	for i := range 14 {
		machines = append(machines, s.redeem(start.Add(time.Duration(i*41)*time.Second), t, loop))
	}
	for i := range 5 {
		s.refused(start.Add(10*time.Minute+time.Duration(i*41)*time.Second), t, loop, models.CodeRegistrationTokenExhausted)
	}
	for i := range 3 {
		s.refused(start.Add(time.Duration(26+i*21)*time.Hour), t, people.next(), models.CodeRegistrationTokenExhausted)
	}
	for i, m := range machines[:9] {
		s.remove(s.ago(2).Add(time.Duration(i)*time.Second), m, by, "Retry loop on render-17, see OPS-2260.", true)
	}
}

// runners start afresh for each build, and each takes a count.
func (s *story) runners(by, helpdesk models.Actor) {
	t := s.create(s.ago(16), by, settings{identifier: "Build pipeline", ref: "CI-77", count: 60, expires: s.in(26)})
	people := s.people("fra")
	s.crowd(t, 8, 15, 9, people)
	for range 34 {
		s.redeem(s.between(14, 2), t, person{
			user: "gitlab-runner", host: fmt.Sprintf("runner-%08x.ci.contoso.example", s.dice.roll(1<<31-1)), mac: people.mac(),
			ip: fmt.Sprintf("10.20.9.%d", s.dice.roll(200)+20), agent: "ContosoRender/4.7 libcurl/8.9.1",
		})
	}
	more := 200
	s.ask(s.ago(4), t, helpdesk, models.RequestedRemedy{Kind: models.RemedyRaise, Count: &more},
		"The builds need one for each run.", "", by, "They get a registration token of their own; until then, please do not raise this one.")
}

func (s *story) expiresSoon(by models.Actor) {
	t := s.create(s.ago(25), by, settings{identifier: "Field service tablets", ref: "FS-12", count: 100, expires: s.in(5)})
	s.crowd(t, 37, 24, 1, s.people("nbo", "lon", "nyc"))
}

// lostLaptop has one auth token deleted with its count given back, and one
// deleted without.
func (s *story) lostLaptop(by models.Actor) {
	t := s.create(s.ago(40), by, settings{identifier: "São Paulo office", ref: "PO-2026-4419", count: 60, expires: s.in(50)})
	machines := s.crowd(t, 22, 39, 5, s.people("sao"))
	s.remove(s.ago(3), machines[4], by, "Laptop lost on a train; the person gets a new one.", true)
	s.remove(s.ago(2), machines[11], by, "Left the company.", false)
}

// idle was redeemed long ago and never refreshed since; expired as well.
func (s *story) idle(by models.Actor) {
	t := s.create(s.ago(124), by, settings{identifier: "Beta testers", count: 15, expires: s.in(-92)})
	people := s.people("fra", "tyo", "nyc")
	for range 15 {
		s.redeem(s.between(122, 100), t, people.next())
	}
}

func (s *story) unused(by models.Actor) {
	s.create(s.ago(1), by, settings{
		identifier: "Home office, second wave", ref: "PO-2026-4530", count: 80, expires: s.in(30),
		note: "To be mailed on Monday.",
	})
}

// workshop has a list of who is expected: most have come, some are missing,
// and two came who are not on it.
func (s *story) workshop(by models.Actor) {
	t := s.create(s.ago(6), by, settings{
		identifier: "Workshop in Munich", ref: "WS-2026-11", count: 16, expires: s.in(8),
		note: "Only who signed up; the list is from the registration desk.",
	})
	people := s.people("muc")
	var list strings.Builder
	var come []person
	for i := range 12 {
		p := people.next()
		p.verified, p.page = models.VerifiedIdentity{}, false
		fmt.Fprintf(&list, "%s,row %d\n", p.user, i/4+1)
		if i < 8 {
			come = append(come, p)
		}
	}
	s.at(s.ago(5), func(ctx context.Context) error {
		_, err := s.service.SetAdmission(ctx, by, t.id, models.AdmissionSettings{Mode: models.ListReplace, Entries: models.ParseExpected(list.String()).Entries})
		return err
	})
	for _, user := range []string{"guest.one", "guest.two"} {
		p := people.next()
		p.user, p.verified, p.page = user, models.VerifiedIdentity{}, false
		come = append(come, p)
	}
	for i, p := range come {
		s.redeem(s.ago(3).Add(time.Duration(i)*time.Minute), t, p)
	}
}
