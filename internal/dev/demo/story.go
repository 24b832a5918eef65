package demo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"muster/models"
	"muster/tokens"
)

// story collects what happened and plays it in the order of time.
type story struct {
	service Service
	now     time.Time // when the sample data is made
	clock   time.Time // where in the past the story is
	dice    dice
	visitor models.VerifiedIdentity // who signs in as end user
	events  []event
}

type event struct {
	at time.Time
	do func(ctx context.Context) error
}

// token is a registration token of the story; its fields are filled when it
// is made.
type token struct {
	id     string
	secret models.Secret
}

// machine is one redemption's auth token as its holder keeps it.
type machine struct {
	person  person
	origin  models.Origin
	id      string
	refresh models.Secret
}

// at schedules an event; nothing happens later than a minute ago.
func (s *story) at(t time.Time, do func(ctx context.Context) error) {
	if latest := s.now.Add(-time.Minute); t.After(latest) {
		t = latest
	}
	s.events = append(s.events, event{t, do})
}

// play runs all events in order of time, those of one moment as scheduled.
func (s *story) play(ctx context.Context) error {
	slices.SortStableFunc(s.events, func(a, b event) int { return a.at.Compare(b.at) })
	for _, e := range s.events {
		// No two events share a moment, as in life.
		s.clock = maxTime(e.at, s.clock.Add(time.Millisecond))
		if err := e.do(ctx); err != nil {
			return fmt.Errorf("on %s: %w", s.clock.Format(time.DateTime), err)
		}
	}
	return nil
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// ago is a moment in office hours that many days before now.
func (s *story) ago(days int) time.Time {
	day := s.now.AddDate(0, 0, -days).Truncate(24 * time.Hour)
	return day.Add(7*time.Hour + time.Duration(s.dice.roll(10*3600))*time.Second)
}

// between is a moment in office hours from one day to another, both counted
// back from now.
func (s *story) between(fromDaysAgo, toDaysAgo int) time.Time {
	return s.ago(toDaysAgo + s.dice.roll(max(1, fromDaysAgo-toDaysAgo+1)))
}

// settings are those of a new registration token.
type settings struct {
	identifier, ref, note string
	count                 int
	expires               time.Time
}

func (c settings) model() models.RegistrationTokenSettings {
	return models.RegistrationTokenSettings{
		Identifier: &c.identifier, RefID1: &c.ref, Note: &c.note, Count: &c.count, ExpiresAt: &c.expires,
	}
}

// create schedules a new registration token.
func (s *story) create(at time.Time, by models.Actor, c settings) *token {
	t := &token{}
	s.at(at, func(ctx context.Context) error {
		made, secret, err := s.service.CreateRegistrationToken(ctx, by, c.model())
		if err != nil {
			return fmt.Errorf("create %s: %w", c.identifier, err)
		}
		t.id, t.secret = made.ID, secret
		return nil
	})
	return t
}

// redeem schedules a redemption and gives the machine that did it.
func (s *story) redeem(at time.Time, t *token, p person) *machine {
	m := &machine{person: p, origin: s.origin(p)}
	s.at(at, func(ctx context.Context) error {
		issued, err := s.service.Redeem(ctx, s.request(t, m))
		if err != nil {
			return fmt.Errorf("redeem as %s: %w", p.user, err)
		}
		m.id, m.refresh = issued.AuthToken.ID, issued.RefreshToken
		return nil
	})
	return m
}

// refused schedules an attempt that is turned away for a reason.
func (s *story) refused(at time.Time, t *token, p person, reason models.Code) {
	m := &machine{person: p, origin: s.origin(p)}
	s.at(at, func(ctx context.Context) error {
		_, err := s.service.Redeem(ctx, s.request(t, m))
		if code := models.ErrorCode(err); err == nil || code != reason {
			return fmt.Errorf("redeem as %s: want %s, got %w", p.user, reason, cmp.Or(err, errSucceeded))
		}
		return nil
	})
}

var errSucceeded = fmt.Errorf("success")

func (s *story) request(t *token, m *machine) tokens.RedeemRequest {
	r := tokens.RedeemRequest{
		Secret: t.secret,
		Claimed: models.ClaimedIdentity{
			SystemUserName: m.person.user, FQDN: m.person.host, MACAddress: m.person.mac,
		},
		Origin: m.origin,
	}
	if m.origin.Channel == models.ChannelPage {
		r.Verified = m.person.verified
	}
	return r
}

// refresh schedules a refresh by the machine.
func (s *story) refresh(at time.Time, m *machine) {
	s.at(at, func(ctx context.Context) error {
		issued, err := s.service.Refresh(ctx, m.refresh, m.origin)
		if err != nil {
			return fmt.Errorf("refresh as %s: %w", m.person.user, err)
		}
		m.refresh = issued.RefreshToken
		return nil
	})
}

// reuse schedules a refresh followed, much later, by the same refresh token
// again: somebody copied it. The auth token ends.
func (s *story) reuse(at time.Time, m *machine) {
	var old models.Secret
	s.at(at.Add(-time.Minute), func(context.Context) error { old = m.refresh; return nil })
	s.refresh(at, m)
	s.refresh(at.Add(40*time.Minute), m)
	s.at(at.Add(3*time.Hour), func(ctx context.Context) error {
		_, err := s.service.Refresh(ctx, old, m.origin)
		if models.ErrorCode(err) != models.CodeRefreshTokenReused {
			return fmt.Errorf("reuse as %s: %w", m.person.user, cmp.Or(err, errSucceeded))
		}
		return nil
	})
}

// remove schedules the deletion of the machine's auth token.
func (s *story) remove(at time.Time, m *machine, by models.Actor, reason string, reclaim bool) {
	s.at(at, func(ctx context.Context) error {
		return s.service.DeleteAuthToken(ctx, by, m.id, reason, reclaim)
	})
}

// change schedules an edit of a registration token.
func (s *story) change(at time.Time, t *token, by models.Actor, c models.RegistrationTokenSettings) {
	s.at(at, func(ctx context.Context) error {
		_, err := s.service.UpdateRegistrationToken(ctx, by, t.id, c)
		return err
	})
}

// replace schedules a replacement and gives the successor.
func (s *story) replace(at time.Time, t *token, by models.Actor, c models.RegistrationTokenSettings) *token {
	successor := &token{}
	s.at(at, func(ctx context.Context) error {
		made, secret, err := s.service.ReplaceRegistrationToken(ctx, by, t.id, c)
		if err != nil {
			return err
		}
		successor.id, successor.secret = made.ID, secret
		return nil
	})
	return successor
}

// crowd schedules n redemptions by different people between two days, and
// lets a part of them refresh in the days that follow.
func (s *story) crowd(t *token, n, fromDaysAgo, toDaysAgo int, people *people) []*machine {
	machines := make([]*machine, 0, n)
	for range n {
		at := s.between(fromDaysAgo, toDaysAgo)
		m := s.redeem(at, t, people.next())
		machines = append(machines, m)
		if s.dice.roll(4) == 0 {
			if next := at.Add(time.Duration(20+s.dice.roll(72)) * time.Hour); next.Before(s.now.Add(-time.Hour)) {
				s.refresh(next, m)
			}
		}
	}
	return machines
}

// dice gives the same numbers each time, so that the story is always the
// same. Nothing secret comes of it.
type dice struct{ state uint64 }

// roll returns a number from 0 to n-1 (SplitMix64).
func (d *dice) roll(n int) int {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int((z^z>>31)>>33) % n
}
