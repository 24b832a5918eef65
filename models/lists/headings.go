package lists

import "strings"

// Role is what a column of a list is.
type Role string

// The roles. Given and Family are parts of a Name; only recipients have names.
const (
	// Guess is the role of a column without a heading: each cell is what it looks
	// like.
	Guess  Role = "guess"
	Email  Role = "email"
	User   Role = "user"
	Host   Role = "host"
	Note   Role = "note"
	Name   Role = "name"
	Given  Role = "given"
	Family Role = "family"
	None   Role = "none"
)

// concept is what a heading speaks of, whatever the list is for.
type concept int

const (
	nothing concept = iota
	email
	otherEmail
	loginName // userPrincipalName: looks like an e-mail address
	user
	account // sAMAccountName: of people and of computers
	host
	qualifiedHost
	name // of a person, or of a computer in a list of those
	fullName
	given
	family
	note
	owner // who has a device
)

// headings are texts in small letters, in English, German, French, Spanish, Italian
// and Japanese, and as programs write them.
var headings = map[concept][]string{
	email: {
		"email", "e-mail", "mail", "email address", "e-mail address", "mail address", "primary email", "primarysmtpaddress", "emailaddress",
		"e-mail 1 - value", "email 1 - value", "email address [required]", "windowsemailaddress",
		"e-mail-adresse", "e-mailadresse", "emailadresse", "mailadresse", "mail-adresse",
		"courriel", "adresse e-mail", "adresse email", "adresse de messagerie", "adresse électronique", "adresse mail", "mél",
		"correo", "correo electrónico", "correo electronico", "dirección de correo", "dirección de correo electrónico",
		"posta elettronica", "indirizzo e-mail", "indirizzo email", "indirizzo di posta elettronica",
		"メール", "メールアドレス", "電子メール", "電子メールアドレス", "eメール",
	},
	otherEmail: {"e-mail 2 - value", "email 2 - value", "e-mail 2 address", "e-mail 3 address", "alternate email address", "recovery email"},
	loginName:  {"userprincipalname", "user principal name", "upn", "benutzerprinzipalname", "nom d'utilisateur principal", "nombre principal de usuario", "ユーザー プリンシパル名"},
	user: {
		"user", "username", "user name", "user id", "userid", "login", "login name", "logon name", "system user name", "systemusername", "uid",
		"benutzer", "benutzername", "anmeldename", "nutzername", "kennung",
		"utilisateur", "nom d'utilisateur", "nom d’utilisateur", "identifiant",
		"usuario", "nombre de usuario", "utente", "nome utente", "ユーザー", "ユーザー名", "ログイン名",
	},
	account: {"samaccountname", "account", "account name", "konto", "kontoname", "compte", "cuenta", "アカウント"},
	host: {
		"host", "hostname", "host name", "computer", "computer name", "computername", "device", "device name", "devicename", "machine", "machine name", "workstation",
		"rechner", "rechnername", "gerät", "gerätename", "geräte", "pc", "arbeitsplatz",
		"ordinateur", "nom de l'ordinateur", "poste", "machine hôte", "hôte", "appareil", "nom de l'appareil", //nolint:misspell // French
		"equipo", "nombre del equipo", "ordenador", "dispositivo", "nombre del dispositivo", "nome computer", "nome del computer", "nome dispositivo",
		"ホスト", "ホスト名", "コンピューター", "コンピューター名", "コンピュータ名", "デバイス", "デバイス名", "端末", "端末名",
	},
	qualifiedHost: {"dnshostname", "dns host name", "fqdn", "dns name", "fully qualified domain name"},
	name:          {"name", "cn", "label", "recipient", "person", "empfänger", "destinataire", "destinatario", "bezeichnung", "名前"},
	fullName: {
		"full name", "fullname", "display name", "displayname", "anzeigename", "vollständiger name", "vor- und nachname",
		"nom complet", "nom d'affichage", "nombre completo", "nombre para mostrar", "nombre y apellidos", "nome completo", "nome visualizzato", "nome e cognome",
		"氏名", "表示名",
	},
	given: {
		"first name", "firstname", "given name", "givenname", "middle name", "first name [required]", "forename",
		"vorname", "prénom", "prenom", "nombre", "nome", "名",
	},
	family: {
		"last name", "lastname", "surname", "family name", "last name [required]", "sn",
		"nachname", "familienname", "nom", "nom de famille", "apellido", "apellidos", "cognome", "姓",
	},
	note: {
		"note", "notes", "comment", "comments", "remark", "remarks", "description",
		"notiz", "notizen", "bemerkung", "bemerkungen", "kommentar", "beschreibung", "anmerkung",
		"remarque", "remarques", "commentaire", "commentaires", "nota", "notas", "observaciones", "comentario", "comentarios",
		"osservazioni", "commento", "commenti", "descrizione", "メモ", "備考",
	},
	owner: {"primary user upn", "primary user email address", "primary user display name", "primary user", "owner", "registered owner", "last logged on user"},
}

var concepts = func() map[string]concept {
	of := map[string]concept{}
	for c, texts := range headings {
		for _, text := range texts {
			of[text] = c
		}
	}
	return of
}()

func conceptOf(heading string) concept {
	return concepts[strings.ToLower(heading)]
}

// isSheet reports whether cells are a heading: two of them, or one on a sure line,
// speak of something, and one of them of whom or what the list is of.
func isSheet(cells []string, sure bool, subjects ...concept) bool {
	known, subject := 0, false
	for _, cell := range cells {
		if c := conceptOf(cell); c != nothing {
			known++
			for _, s := range subjects {
				subject = subject || c == s
			}
		}
	}
	return subject && (known > 1 || sure)
}
