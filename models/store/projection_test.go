package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"muster/models"
	"muster/models/mask"
	"muster/models/names"
	"muster/models/store"
	"muster/models/store/projection"
	"muster/models/store/storetest"
	"muster/models/words"
)

// identities are what devices of a history report: few names in many spellings, so
// that they join and part, and some that are too many to tell anything.
func randomUse(r *rand.Rand) (models.ClaimedIdentity, models.VerifiedIdentity) {
	pick := func(texts ...string) string { return texts[r.IntN(len(texts))] }
	local := pick("ann", "Ann", "bob", "carl", "dora", "root", "user")
	host := pick("pc-1", "PC-1.contoso.example", "pc-1.fabrikam.example", "pc-2", "pc-2.contoso.example", "localhost", "kiosk", "")
	c := models.ClaimedIdentity{
		SystemUserName: pick(local, local, `CONTOSO\`+local, local+"@contoso.example", local+"@fabrikam.example", ""),
		FQDN:           host,
		MACAddress:     pick("", "", "", "00:1b:44:00:00:01", "001b.4400.0002", fmt.Sprintf("00:1b:44:00:01:%02x", r.IntN(50)), "00:00:00:00:00:00"),
	}
	if local == "user" {
		c.SystemUserName = fmt.Sprintf("user@d%d.example", r.IntN(60))
	}
	if host == "kiosk" {
		c.FQDN = fmt.Sprintf("kiosk.site%d.example", r.IntN(60))
	}
	var v models.VerifiedIdentity
	if r.IntN(8) == 0 {
		v = models.VerifiedIdentity{Issuer: "https://idp.example", Subject: local, Email: strings.ToLower(local) + "@contoso.example"}
	}
	if c.SystemUserName == "" && c.FQDN == "" {
		c.FQDN = "spare"
	}
	return c, v
}

// history changes a store at random: new uses, refreshes, ends and deletions.
type history struct {
	s     *store.Store
	r     *rand.Rand
	name  string
	token string
	made  []string
}

func (h *history) step(t *testing.T) {
	t.Helper()
	if err := h.next(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// wanted is the desk, made afresh from the auth tokens.
func wanted(t *testing.T, s *store.Store) []string {
	t.Helper()
	var all []models.AuthToken
	for page := (models.PageRequest{Size: models.MaxPageSize}); ; {
		found, err := s.AuthTokens(t.Context(), models.AuthTokenFilter{}, page, day)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found.Items...)
		if page.Token = found.NextToken; page.Token == "" {
			break
		}
	}
	rules, identities := names.New(), make([]names.Identity, len(all))
	of := map[string][]int{}
	for i := range all {
		of[all[i].CustomerID] = append(of[all[i].CustomerID], i)
	}
	for _, places := range of {
		sightings := make([]names.Sighting, len(places))
		for i, place := range places {
			sightings[i] = sightingOf(&all[place])
		}
		for i, id := range rules.Resolve(sightings) {
			identities[places[i]] = id
		}
	}
	onDevice, ofPerson := map[string]int{}, map[string]int{}
	for i := range all {
		if open := all[i].DeletedAt == nil && all[i].EndedAt == nil; open {
			if !identities[i].Vague {
				onDevice[all[i].CustomerID+identities[i].Device]++
			}
			ofPerson[all[i].CustomerID+identities[i].Person]++
		}
	}
	lines := make([]string, len(all))
	for i := range all {
		a, id := &all[i], identities[i]
		open := a.DeletedAt == nil && a.EndedAt == nil
		lines[i] = strings.Join([]string{
			a.ID, a.RegistrationTokenID, a.CustomerID, id.Person, id.Device, yes(id.Nobody), yes(id.Vague), rules.Parse(sightingOf(a)).Account,
			models.NetworkOf(a.IP), projection.Fold(a.SystemUserName), projection.Fold(a.FQDN), fmt.Sprint(a.Generation),
			yes(a.DeletedAt != nil), yes(a.EndedAt != nil), yes(a.CountReclaimed),
			yes(open && !id.Vague && id.Device != "" && onDevice[a.CustomerID+id.Device] > 1), yes(open && id.Person != "" && ofPerson[a.CustomerID+id.Person] > 1),
		}, "|")
	}
	var cut []string
	for i := range all {
		cut = append(cut, wordsOf(&all[i])...)
	}
	lines = slices.Concat(lines, cut)
	slices.Sort(lines)
	return lines
}

// wordsOf are the words by which an auth token is to be found.
func wordsOf(a *models.AuthToken) []string {
	texts := strings.Join([]string{a.SystemUserName, a.FQDN, a.VerifiedIdentity.Email, a.Identifier, a.RefID1, a.RefID2}, "\n")
	var lines []string
	for _, e := range words.Entries(words.Of(texts), words.Of(mask.Text(texts))) {
		lines = append(lines, fmt.Sprintf("%s|word|%d%s", a.ID, e.Form, e.Word))
	}
	return lines
}

func sightingOf(a *models.AuthToken) names.Sighting {
	return models.SightingOf(a.VerifiedIdentity, a.ClaimedIdentity)
}

func yes(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

// projected is the desk as it is read.
func projected(t *testing.T, s *store.Store) []string {
	t.Helper()
	flag := func(condition string) string { return "CASE WHEN " + condition + " THEN '1' ELSE '0' END" }
	lines, err := s.Strings(t.Context(), "SELECT "+strings.Join([]string{
		"u.id", "u.registration_token_id", "u.customer_id", "u.person", "u.device", flag("u.nobody"), flag("u.vague"), "u.account", "u.network", "u.system_user_name", "u.fqdn",
		"CAST(u.generation AS TEXT)", flag("u.deleted_at IS NOT NULL"), flag("u.ended_at IS NOT NULL"), flag("u.count_reclaimed"), flag("u.several_on_device"), flag("u.several_of_person"),
	}, " || '|' || ")+" FROM desk_uses AS u JOIN desk_sightings AS s ON s.id = u.sighting_id AND s.person = u.person AND s.device = u.device WHERE u."+projection.Current)
	if err != nil {
		t.Fatal(err)
	}
	words, err := s.Strings(t.Context(), "SELECT id || '|word|' || form || word FROM desk_words WHERE "+projection.Current)
	if err != nil {
		t.Fatal(err)
	}
	lines = append(lines, words...)
	slices.Sort(lines)
	return lines
}

// current waits until the desk has everything.
func current(t *testing.T, s *store.Store) {
	t.Helper()
	for range 3 {
		switch ready, err := s.Await(t.Context()); {
		case err != nil:
			t.Fatal(err)
		case ready == projection.Ready:
			return
		}
	}
	t.Fatal("the desk never has everything")
}

func wantSame(t *testing.T, what string, s *store.Store) {
	t.Helper()
	current(t, s)
	got, want := projected(t, s), wanted(t, s)
	if slices.Equal(got, want) {
		return
	}
	t.Errorf("%s: the desk has %d rows, made afresh it has %d", what, len(got), len(want))
	shown := 0
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] && shown < 5 {
			t.Errorf("it has %s,\nwant   %s", got[i], want[i])
			shown++
		}
	}
}

func newHistory(t *testing.T, s *store.Store, seed uint64) *history {
	t.Helper()
	h := &history{s: s, r: rand.New(rand.NewPCG(seed, 0)), name: fmt.Sprint(seed), token: "t"}
	return h
}

// However its changes are cut into batches, the desk is what it would be if it
// were made afresh.
func TestProjection_IsThatMadeAfresh(t *testing.T) {
	t.Parallel()
	rounds := 6
	if testing.Short() {
		rounds = 1
	}
	for round := range rounds {
		seed := rand.Uint64()
		t.Run(fmt.Sprint("round ", round), func(t *testing.T) {
			t.Parallel()
			both(t, func(t *testing.T, s *store.Store) {
				t.Logf("seed %d", seed)
				if err := s.CreateRegistrationToken(t.Context(), newToken("t", models.MaxCount), newEvent("created")); err != nil {
					t.Fatal(err)
				}
				h := newHistory(t, s, seed)
				for range 12 {
					for range 1 + h.r.IntN(60) {
						h.step(t)
					}
					s.BatchOf(1 + h.r.IntN(9)*h.r.IntN(9))
					if h.r.IntN(3) > 0 {
						current(t, s)
					}
				}
				wantSame(t, "after all", s)
			})
		})
	}
}

// Several processes that project at once do it once.
func TestProjection_OfSeveralAtOnce(t *testing.T) {
	t.Parallel()
	storetest.OnEach(t, func(t *testing.T, databaseURL string) {
		s := storetest.Open(t, databaseURL)
		if err := s.CreateRegistrationToken(t.Context(), newToken("t", models.MaxCount), newEvent("created")); err != nil {
			t.Fatal(err)
		}
		running(t, s, 20)
		running(t, storetest.Open(t, databaseURL), 7)
		h := newHistory(t, s, 7)
		for range 400 {
			h.step(t)
		}
		wantSame(t, "beside two that run", s)
	})
}

// When a set of neighbours grows from few to many, what was concluded from it no
// longer holds, also for those that came before.
func TestProjection_WhereFewBecomeMany(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, s *store.Store) {
		if err := s.CreateRegistrationToken(t.Context(), newToken("t", models.MaxCount), newEvent("created")); err != nil {
			t.Fatal(err)
		}
		add := func(id string, c models.ClaimedIdentity) {
			t.Helper()
			made := newConsumption("t", id)
			made.AuthToken.ClaimedIdentity, made.Redemption.ClaimedIdentity = c, c
			if err := redeem(t.Context(), s, made); err != nil {
				t.Fatal(err)
			}
		}
		add("bare", models.ClaimedIdentity{FQDN: "kiosk"})
		add("short", models.ClaimedIdentity{SystemUserName: `D0\user`, FQDN: "lt-1"})
		for i := range names.Cap + 4 {
			add(fmt.Sprint("host ", i), models.ClaimedIdentity{FQDN: "kiosk.contoso.example", MACAddress: fmt.Sprintf("00:1b:44:00:02:%02x", i)})
			add(fmt.Sprint("name ", i), models.ClaimedIdentity{SystemUserName: fmt.Sprintf("user@d%d.example", i), FQDN: "lt-1"})
			add(fmt.Sprint("people ", i), models.ClaimedIdentity{SystemUserName: fmt.Sprintf("p%d", i), FQDN: "dock.contoso.example", MACAddress: "00:1b:44:00:03:01"})
			add(fmt.Sprint("machines ", i), models.ClaimedIdentity{SystemUserName: "eve", FQDN: "vdi.contoso.example", MACAddress: fmt.Sprintf("00:1b:44:00:04:%02x", i)})
			wantSame(t, fmt.Sprint("with ", i+1), s)
		}
	})
}
