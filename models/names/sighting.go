package names

// Sighting is what one use says about who and where, unfolded: user, host and MAC
// as the device reported them, the rest as a sign-in proved it.
type Sighting struct{ User, Host, MAC, Issuer, Subject, Email string }

// Parsed is a sighting in canonical form. Sightings that differ in spelling alone
// have the same. Its texts are short enough for an index ([Bound]).
type Parsed struct {
	// Local and Domain are the person's name, of the verified e-mail when signed
	// in, else of the user name. The domain is in its ASCII form, and empty when
	// it says nothing; both are empty for nobody and when unknown.
	Local, Domain string
	// Subject is issuer, space and subject of the signed in, else empty.
	Subject string
	// Nobody is true for a service account, whose name Account then is.
	Nobody  bool
	Account string
	// Label is the first label of the host name. Host is the whole, in its ASCII
	// form, when it is qualified: empty for a bare label and below a domain that
	// any machine may have.
	Label, Host string
	// MAC is as in [MAC].
	MAC string
}

// Parse brings a sighting into its canonical form. It accepts any text.
func (r Rules) Parse(s Sighting) Parsed {
	p := Parsed{MAC: MAC(s.MAC)}
	p.Label, p.Host = splitHost(s.Host)
	signedIn := s.Subject != ""
	if signedIn {
		p.Subject = s.Issuer + " " + s.Subject
		p.Local, p.Domain = splitEmail(s.Email)
	} else {
		p.Local, p.Domain = splitUser(s.User, p.Label, p.Host)
	}
	if r.isNobody(p.Local, p.Domain, signedIn) {
		p.Nobody, p.Account = true, p.Local
		p.Local, p.Domain, p.Subject = "", "", ""
	}
	return p.bound()
}
