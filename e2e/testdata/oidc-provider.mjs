// The provider of npm oidc-provider, behind a proxy that speaks TLS. SETTINGS is JSON.
import { Provider } from "oidc-provider";

const { issuer, port, client, groups } = JSON.parse(process.env.SETTINGS);
const provider = new Provider(issuer, {
  clients: [client],
  claims: { openid: ["sub", "groups"], profile: ["name"], email: ["email"] },
  conformIdTokenClaims: false,
  scopes: ["openid", "profile", "email", "offline_access"],
  cookies: { keys: ["of a test"] },
  features: { devInteractions: { enabled: true }, backchannelLogout: { enabled: true } },
  // Its own refuses addresses of loopback, where everything is here.
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: "Nora Lindqvist", email: "nora@example.com", groups }),
  }),
});
provider.proxy = true;
provider.listen(port, "127.0.0.1");
