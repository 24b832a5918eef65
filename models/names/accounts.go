package names

// The names of service accounts, folded. A name that a person may well have as a
// user name is not among them.
var (
	// serviceAccounts are nobody's, in whichever domain.
	serviceAccounts = setOf(
		// Windows, in the languages it comes in.
		"system", "local system", "localsystem", "système", "systeme", "sistema", "sistema local", "lokales system", "система",
		"local service", "localservice", "lokaler dienst", "service local", "servicio local", "servicio loc", "servizio locale", "serviço local", "lokale service", "usługa lokalna",
		"network service", "networkservice", "netzwerkdienst", "service réseau", "service reseau", "servicio de red", "servizio di rete", "serviço de rede", "netwerkservice", "usługa sieciowa",
		"administrator", "administrateur", "administrador", "amministratore", "administratör", "järjestelmänvalvoja", "rendszergazda", "администратор", "admin",
		"guest", "gast", "invité", "invitado", "ospite", "convidado", "gäst", "гость",
		"defaultaccount", "defaultuser0", "wdagutilityaccount", "krbtgt", "iusr", "aspnet", "sqlserveragent", "anonymous logon",
		// Unix and what runs on it.
		"root", "toor", "daemon", "nobody", "nfsnobody", "operator", "messagebus", "dbus", "syslog", "sshd", "polkitd", "cron",
		"www", "www-data", "wwwrun", "apache", "apache2", "httpd", "nginx", "tomcat", "mysql", "mariadb", "postgres", "postgresql", "redis", "mongodb", "rabbitmq", "elasticsearch",
		"postfix", "ntp", "chrony", "zabbix", "nagios", "icinga", "prometheus", "grafana", "ansible", "puppet", "terraform", "service", "svc", "backup",
		// Images of clouds and containers.
		"ubuntu", "debian", "centos", "fedora", "almalinux", "rockylinux", "opensuse", "ec2-user", "azureuser", "cloud-user", "clouduser", "opc", "vagrant", "cloudadmin",
		"docker", "container", "containeruser", "containeradministrator", "nonroot", "appuser", "vscode", "codespace", "jovyan",
		// Builds.
		"gitlab-runner", "gitlab_runner", "github-runner", "github_runner", "actions-runner", "runneradmin", "buildagent", "build-agent", "buildkite-agent", "buildkite", "builduser", "vsts", "vssadministrator",
		"azagent", "azpagent", "azdevops", "circleci", "teamcity", "tcagent", "ci", "git", "gitea", "gitea-runner", "forgejo-runner", "codebuild-user", "cirunner", "ci-runner", "tfsbuild", "tfsservice",
	)
	// localAccounts are nobody's on a machine alone: jenkins@contoso.example is
	// somebody.
	localAccounts = setOf("jenkins", "runner", "node", "app", "pi")
	// servicePrefixes begin names that are given to services alone.
	servicePrefixes = []string{"svc", "srv-", "srv_", "service-", "service_", "systemd-", "_", "iusr_", "iwam_", "msol_", "healthmailbox", "host/"}
	// serviceDomains hold no person, in the languages of Windows.
	serviceDomains = setOf(
		"nt authority", "nt-autorität", "nt-autoritat", "autorite nt", "autorité nt", "autoridade nt", "autoridad nt", "autorità nt", "zarządzanie nt", "nt instans", "nt-myndighet", "nt-myndighed",
		"nt service", "nt-dienst", "service nt", "iis apppool", "nt virtual machine", "window manager", "font driver host",
	)
)

func setOf(names ...string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, name := range names {
		set[name] = true
	}
	return set
}
