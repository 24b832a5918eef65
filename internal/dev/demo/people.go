package demo

import (
	"fmt"
	"slices"

	"muster/models"
)

// person is somebody at a machine, as the machine reports it.
type person struct {
	user, host, mac, ip, agent string
	// verified counts when the person redeems on the page, signed in.
	verified models.VerifiedIdentity
	page     bool
}

// names are login names as real directories hold them.
func names() []string {
	return []string{
		"amara.okafor", "yuki.tanaka", "lena.hoffmann", "mateus.silva", "priya.raman", "oleh.kovalenko", "fatima.alzahra", "liam.oconnor",
		"chen.wei", "søren.kjær", "zanele.dlamini", "ana.gutiérrez", "dmitri.volkov", "aiko.sato", "noah.williams", "ingrid.bergström",
		"tariq.mahmood", "élodie.lefèvre", "kwame.mensah", "sofia.rossi", "nguyen.thi.lan", "jan.kowalski", "maria.papadopoulou", "rahul.deshpande",
		"hannah.cohen", "emre.yıldız", "isla.macdonald", "carlos.mendoza", "park.jiwoo", "wanjiru.kamau", "tomáš.novák", "björk.jónsdóttir",
		"ahmed.hassan", "grace.adeyemi", "lukas.schneider", "camila.fernández", "viktor.horváth", "mei.ling.wong", "juan.dela.cruz", "leila.haddad",
		"aroha.ngata", "pierre.dubois", "siobhán.murphy", "arjun.nair", "eva.müller", "kofi.asante", "rosa.almeida", "hiroshi.yamamoto",
		"nadia.petrova", "samuel.eriksson", "田中健", "олена.шевченко", "김민준", "חנה.לוי", "علي.منصور", "γιώργος.νικολάου",
		"thandiwe.nkosi", "mikko.virtanen", "divya.krishnan", "beatriz.costa", "omar.farouk", "julia.nowak", "ethan.brown", "saoirse.byrne",
		"CONTOSO\\j.ramirez", "CONTOSO\\k.lindgren", "CONTOSO\\svc-render", "d.abramov@contoso.example", "t.okonkwo@contoso.example", "mgarcia",
	}
}

// site is an office: hosts and addresses follow it.
type site struct {
	code, domain string
	network      int // the second byte of 10.x
}

func sites() []site {
	return []site{
		{"fra", "emea.contoso.example", 20}, {"muc", "emea.contoso.example", 21}, {"lon", "emea.contoso.example", 24},
		{"nyc", "amer.contoso.example", 40}, {"sao", "amer.contoso.example", 44}, {"aus", "amer.contoso.example", 41},
		{"tyo", "apac.contoso.example", 60}, {"sin", "apac.contoso.example", 62}, {"nbo", "emea.contoso.example", 29},
	}
}

func agents() []string {
	return []string{
		"ContosoModeler/12.1 (Windows NT 10.0; Win64; x64)",
		"ContosoModeler/12.0 (Windows NT 10.0; Win64; x64)",
		"ContosoModeler/12.1 (X11; Linux x86_64)",
		"ContosoModeler/12.1 (Macintosh; arm64)",
		"ContosoRender/4.7 libcurl/8.9.1",
	}
}

const browser = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"

// people gives one person after the other, each at a machine of their own.
// A person met again has another machine.
type people struct {
	dice  *dice
	names []string
	sites []site
	n     int
}

func (s *story) people(only ...string) *people {
	p := &people{dice: &s.dice, names: names()}
	for _, site := range sites() {
		if len(only) == 0 || slices.Contains(only, site.code) {
			p.sites = append(p.sites, site)
		}
	}
	// Each group begins somewhere else in the list of names.
	p.n = s.dice.roll(len(p.names))
	return p
}

func (p *people) next() person {
	name := p.names[p.n%len(p.names)]
	site := p.sites[p.dice.roll(len(p.sites))]
	p.n++
	kinds := []string{"lt", "lt", "lt", "ws", "vm"}
	who := person{
		user:  name,
		host:  fmt.Sprintf("%s-%s-%04d.%s", site.code, kinds[p.dice.roll(len(kinds))], p.dice.roll(9000)+100, site.domain),
		mac:   p.mac(),
		ip:    fmt.Sprintf("10.%d.%d.%d", site.network, p.dice.roll(16), p.dice.roll(250)+2),
		agent: agents()[p.dice.roll(len(agents()))],
	}
	if p.dice.roll(9) == 0 { // from home, through the self-service page
		who.page, who.agent = true, browser
		who.ip = fmt.Sprintf("203.0.113.%d", p.dice.roll(250)+2)
		if p.dice.roll(2) == 0 {
			who.verified = models.VerifiedIdentity{
				Issuer: "https://login.contoso.example", Subject: fmt.Sprintf("u-%05d", p.dice.roll(90000)+10000),
				Email: fmt.Sprintf("employee%04d@contoso.example", p.dice.roll(9000)+1000),
			}
		}
	}
	return who
}

func (p *people) mac() string {
	vendors := []string{"3c:52:82", "a4:bb:6d", "00:50:56", "f0:18:98", "8c:16:45"}
	return fmt.Sprintf("%s:%02x:%02x:%02x", vendors[p.dice.roll(len(vendors))], p.dice.roll(256), p.dice.roll(256), p.dice.roll(256))
}

func (s *story) origin(p person) models.Origin {
	channel := models.ChannelREST
	if p.page {
		channel = models.ChannelPage
	}
	return models.Origin{
		IP: p.ip, UserAgent: p.agent, Channel: channel,
		RequestID: fmt.Sprintf("demo-%08x%08x", s.dice.roll(1<<31-1), s.dice.roll(1<<31-1)),
	}
}

func administrator(name, login string) models.Actor { return colleague(name, login, models.RoleAdmin) }

func colleague(name, login string, role models.Role) models.Actor {
	return models.Actor{
		Kind: models.ActorPerson, ID: "https://login.contoso.example " + login, Name: name,
		Role: role, Permissions: role.Permissions(),
		Origin: models.Origin{IP: "10.20.3.17", UserAgent: browser},
	}
}
