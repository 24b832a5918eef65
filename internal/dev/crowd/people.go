package crowd

import (
	"fmt"
	"strings"

	"muster/models"
)

func lower(text string) string { return strings.ToLower(text) }

// customer is one beside the default one.
type customer struct{ id, label, name, domain string }

var customers = []customer{
	{"cust-fabrikam", "fabrikam", "Fabrikam", "fabrikam.example"}, {"cust-northwind", "northwind", "Northwind Traders", "northwind.example"},
	{"cust-tailspin", "tailspin", "Tailspin Toys", "tailspin.example"}, {"cust-adatum", "adatum", "A. Datum", "adatum.example"},
	{"cust-wingtip", "wingtip", "Wingtip", "wingtip.example"}, {"cust-litware", "litware", "Litware", "litware.example"},
}

func domainOf(customerID string) string {
	for _, c := range customers {
		if c.id == customerID {
			return c.domain
		}
	}
	return "contoso.example"
}

// site is an office: hosts and addresses follow it.
type site struct {
	code, region string
	network      int // the second byte of 10.x
}

func sites() []site {
	return []site{
		{"fra", "emea", 20}, {"muc", "emea", 21}, {"lon", "emea", 24}, {"nbo", "emea", 29}, {"nyc", "amer", 40},
		{"aus", "amer", 41}, {"sao", "amer", 44}, {"tyo", "apac", 60}, {"sin", "apac", 62},
	}
}

var firstNames = []string{
	"amara", "yuki", "lena", "mateus", "priya", "oleh", "fatima", "liam", "søren", "zanele", "ana", "dmitri", "aiko", "noah", "ingrid", "tariq",
	"élodie", "kwame", "sofia", "jan", "maria", "rahul", "hannah", "emre", "isla", "carlos", "wanjiru", "tomáš", "björk", "ahmed", "grace",
}

var lastNames = []string{
	"okafor", "tanaka", "hoffmann", "silva", "raman", "kovalenko", "oconnor", "kjær", "dlamini", "gutiérrez", "volkov", "sato", "williams",
	"bergström", "mahmood", "lefèvre", "mensah", "rossi", "kowalski", "papadopoulou", "deshpande", "cohen", "yıldız", "macdonald", "mendoza",
	"kamau", "novák", "jónsdóttir", "hassan", "adeyemi", "schneider", "fernández", "horváth", "nair", "müller", "asante", "almeida", "yamamoto",
}

var agents = []string{
	"ContosoModeler/12.1 (Windows NT 10.0; Win64; x64)", "ContosoModeler/12.0 (Windows NT 10.0; Win64; x64)",
	"ContosoModeler/12.1 (X11; Linux x86_64)", "ContosoModeler/12.1 (Macintosh; arm64)", "ContosoRender/4.7 libcurl/8.9.1",
}

const browser = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"

var vendors = []string{"3c:52:82", "a4:bb:6d", "f0:18:98", "8c:16:45", "00:50:56"}

// present is somebody at a machine, as it reports itself.
type present struct {
	models.ClaimedIdentity
	verified models.VerifiedIdentity
	ip       string
	agent    string
	channel  models.Channel
}

// somebody is one of a customer's people at one of their up to three machines. Among
// them are scripts, machines that were cloned, and who sits at home.
func (s *story) somebody(d dice, customerID, label string) present {
	domain := domainOf(customerID)
	who := present{agent: agents[d.IntN(len(agents))], channel: models.ChannelREST}
	switch kind := d.IntN(100); {
	case kind < 3:
		s.script(d, &who, domain)
	case kind < 4:
		s.clone(d, &who, domain)
	default:
		s.person(d, &who, domain)
	}
	s.labels(d, &who, label)
	return who
}

func (s *story) person(d dice, who *present, domain string) {
	q := d.IntN(max(200, s.Size/6))
	name := fmt.Sprintf("%s.%s", firstNames[q%len(firstNames)], lastNames[q/len(firstNames)%len(lastNames)])
	if n := q / len(firstNames) / len(lastNames); n > 0 {
		name += fmt.Sprint(n)
	}
	at := s.cities[q%len(s.cities)]
	switch spelling := (q*7 + d.IntN(200)/199) % 10; { // nearly all always report the same
	case spelling < 6:
		who.SystemUserName = name
	case spelling < 8:
		who.SystemUserName = strings.ToUpper(domain[:strings.IndexByte(domain, '.')]) + `\` + name
	default:
		who.SystemUserName = name + "@" + domain
	}
	machine := q*3 + max(0, d.IntN(6)-3)
	who.FQDN = fmt.Sprintf("%s-%s-%06d.%s.%s", at.code, []string{"lt", "ws", "vm"}[machine%3], machine, at.region, domain)
	if machine%11 == 0 {
		who.FQDN, _, _ = strings.Cut(who.FQDN, ".")
	}
	if machine%13 > 0 {
		who.MACAddress = macOf(machine)
	}
	who.ip = fmt.Sprintf("10.%d.%d.%d", at.network, machine>>8&255, machine&255)
	if q%12 == 5 { // from home, through the self-service page
		who.channel, who.agent = models.ChannelPage, browser
		who.ip = fmt.Sprintf("203.0.%d.%d", q>>8&255, q&255)
		who.verified = models.VerifiedIdentity{Issuer: "https://login." + domain, Subject: fmt.Sprintf("u-%08d", q), Email: name + "@" + domain}
	}
}

func macOf(machine int) string {
	return fmt.Sprintf("%s:%02x:%02x:%02x", vendors[machine%len(vendors)], machine>>16&255, machine>>8&255, machine&255)
}

// script runs anew on a machine that is gone afterwards.
func (s *story) script(d dice, who *present, domain string) {
	who.SystemUserName = []string{"gitlab-runner", "svc-build", "jenkins", "root"}[d.IntN(4)]
	who.FQDN = fmt.Sprintf("runner-%08x.ci.%s", d.Uint32(), domain)
	who.ip = fmt.Sprintf("10.20.9.%d", d.IntN(200)+20)
	who.agent = agents[len(agents)-1]
}

// clone is a machine that has name and address of the image that it was made from.
func (s *story) clone(d dice, who *present, domain string) {
	s.person(d, who, domain)
	image := d.IntN(60)
	who.FQDN = fmt.Sprintf("image-%02d.%s", image, domain)
	who.MACAddress = macOf(1<<23 + image)
}

// labels are words that most have, and some that hardly any has.
func (s *story) labels(d dice, who *present, label string) {
	switch n := d.IntN(100_000); {
	case n == 0:
		who.Identifier = "zephyr prototype"
	case n < 40_000:
		who.Identifier = fmt.Sprintf("Modeler seat %d", d.IntN(5000))
	}
	if d.onceIn(4) {
		who.RefID1 = label
	}
}

// tokenLabel is the label of a registration token.
func (s *story) tokenLabel(d dice, i int) string {
	if i == hot {
		return "Contoso rollout, everybody"
	}
	what := []string{"rollout", "laptops", "render farm", "training course", "contractors", "build pipeline", "workshop", "office"}
	return fmt.Sprintf("%s %s %d", strings.ToUpper(s.cities[d.IntN(len(s.cities))].code), what[d.IntN(len(what))], i)
}
