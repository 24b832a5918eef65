package names_test

import (
	"testing"

	"muster/models/names"
)

// What machines report of services, daemons, builds and images.
var serviceSpellings = []string{
	// Windows, in the languages it comes in.
	"SYSTEM", `NT AUTHORITY\SYSTEM`, `nt authority\system`, `NT-AUTORITÄT\SYSTEM`, "NT-AUTORITA\u0308T\\SYSTEM", `AUTORITE NT\Système`, `AUTORITE NT\SYSTEM`, "Système", `AUTORIDADE NT\SISTEMA`, `AUTORIDAD NT\SYSTEM`,
	`NT AUTHORITY\LOCAL SERVICE`, `NT AUTHORITY\LocalService`, "LOCAL SERVICE", `NT-AUTORITÄT\LOKALER DIENST`, `AUTORITE NT\SERVICE LOCAL`, `NT AUTHORITY\SERVIZIO LOCALE`, `NT AUTHORITY\SERVICIO LOC`, `AUTORIDADE NT\SERVIÇO LOCAL`,
	`NT AUTHORITY\NETWORK SERVICE`, "NetworkService", `NT-AUTORITÄT\NETZWERKDIENST`, "Netzwerkdienst", `AUTORITE NT\SERVICE RÉSEAU`, `NT AUTHORITY\SERVIZIO DI RETE`, `NT AUTHORITY\SERVICIO DE RED`, `AUTORIDADE NT\SERVIÇO DE REDE`,
	`.\LocalSystem`, "LocalSystem", `NT SERVICE\MSSQLSERVER`, `NT SERVICE\MSSQL$SQLEXPRESS`, `IIS APPPOOL\DefaultAppPool`, `NT VIRTUAL MACHINE\3F2A9C51-BE07`, `Window Manager\DWM-1`, `Font Driver Host\UMFD-0`,
	"Administrator", `CONTOSO\Administrator`, `LAPTOP-7\Administrator`, "Administrateur", "Administrador", "Amministratore", "administrator@contoso.example", "admin", "Guest", "Gast", "Invité",
	"LAPTOP-7$", `CONTOSO\LAPTOP-7$`, "laptop-7$@CONTOSO.EXAMPLE", `CONTOSO\gmsa-web$`, "WDAGUtilityAccount", "defaultuser0",
	"svc-rollout", `CONTOSO\svc_backup`, "SVC.Deploy@contoso.example", "svcsql", "srv-licence", "service_account", "host/pc-1.contoso.example@CONTOSO.EXAMPLE",
	// Unix.
	"root", "root@pc-1", "root@localhost", "ROOT", "daemon", "nobody", "www-data", "nginx", "apache", "mysql", "postgres", "systemd-network", "_spotlight", "messagebus", "tomcat", "nfsnobody",
	// Builds.
	"gitlab-runner", "jenkins", `BUILD-1\jenkins`, "runner", "github-runner", "actions-runner", "runneradmin", "buildagent", "vsts", "VssAdministrator", "circleci", "buildkite-agent", "teamcity", "ci",
	// Images and containers.
	"ubuntu", "debian", "ec2-user", "azureuser", "vagrant", "ContainerAdministrator", "ContainerUser", "nonroot", "node", "vscode", "docker", "pi",
}

// What machines report of people, among them those who are nearly called so.
var peopleSpellings = []string{
	"anna", "Anna Müller", "anna.mueller", "a.mueller", "amueller", "mueller.a", `CONTOSO\anna`, "anna@contoso.example", "AzureAD\\AnnaMüller", `LAPTOP-7\anna`,
	"Root, Anna", "anna.root", "aroot", "roots", "rooter", "Ruth Service", "ruth.service", "System, Ada", "ada.system", "asystem", "systema", "Daemon Smith", "damon", "Damien",
	"jenkins@contoso.example", `CONTOSO\jenkins`, "Katherine Jenkins", "kjenkins", "travis", "hudson", "chef", "salt", "kafka", "spark", "nova", "ruby", "jan", "bin", "man", "mark", "bill", "will", "grant", "guest.anna", "Edgar Guest", "gaston",
	"admina", "adminska", "Benjamin Admin", "Norma Local", "Lokale, Petra", "Gästrin", "Dienst, Karl", "Red, Maria", "Rede, João", "Nobody Owens", "nobodyowens",
	"svea", "Svetlana", "svenja", "serviceman", "servais", "Srvoje", "runnerson", "Ann Runner", "cirunner.anna", "ubuntu.anna", "piet", "nodel", "apple", "appleby", "Oliver Node",
	"Łukasz", "Ștefan", "O'Brien", "van der Berg", "d'Angelo", "李娜", "Анна", "Ἀλέξανδρος", "محمد", "user", "student", "kiosk", "12345", "u123456", "x0042", "anna-adm", "adm.anna",
}

func TestParse_ServiceAccountsAreNobody(t *testing.T) {
	t.Parallel()
	for _, user := range serviceSpellings {
		p := names.Rules{}.Parse(names.Sighting{User: user, Host: "build-1"})
		if !p.Nobody || p.Account == "" || p.Local != "" || p.Domain != "" {
			t.Errorf("%q is %+v", user, p)
		}
	}
	if len(serviceSpellings) < 60 || len(peopleSpellings) < 60 {
		t.Errorf("only %d and %d spellings", len(serviceSpellings), len(peopleSpellings))
	}
}

func TestParse_PeopleAreNotServiceAccounts(t *testing.T) {
	t.Parallel()
	for _, user := range peopleSpellings {
		p := names.Rules{}.Parse(names.Sighting{User: user, Host: "laptop-7"})
		if p.Nobody || p.Account != "" || p.Local == "" {
			t.Errorf("%q is %+v", user, p)
		}
	}
}

func TestNew_KnowsFurtherServiceAccounts(t *testing.T) {
	t.Parallel()
	rules := names.New("Rollout", "deploy-*", `CONTOSO\licence`, "bot@fabrikam.example", "*", " ", "")
	for user, want := range map[string]bool{
		"ROLLOUT": true, `CONTOSO\rollout`: true, "rollouts": false,
		"deploy-7": true, "deploy": false, "Deploy-Ü@contoso.example": true,
		`CONTOSO\licence`: true, "licence@contoso.example": true, `FABRIKAM\licence`: false, "licence": false,
		"bot@fabrikam.example": true, `FABRIKAM\bot`: true, "bot@contoso.example": false,
		"anna": false, "root": true,
	} {
		if p := rules.Parse(names.Sighting{User: user}); p.Nobody != want {
			t.Errorf("%q is %+v", user, p)
		}
	}
}

func TestParse_WhoSignedInIsAPersonUnlessTheSettingNamesThem(t *testing.T) {
	t.Parallel()
	verified := names.Sighting{User: "SYSTEM", Issuer: "https://id.example", Subject: "1", Email: "admin@contoso.example"}
	if p := (names.Rules{}).Parse(verified); p.Nobody || p.Local != "admin" || p.Domain != "contoso.example" || p.Subject != "https://id.example 1" {
		t.Errorf("%+v", p)
	}
	if p := names.New("admin").Parse(verified); !p.Nobody || p.Account != "admin" || p.Subject != "" || p.Local != "" {
		t.Errorf("%+v", p)
	}
}
