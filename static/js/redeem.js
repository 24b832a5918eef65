// The redeem page: removes the secret from the address, finds it in what is pasted, and
// detects a mistyped one before it is sent.
(() => {
  "use strict";

  // This comes first: the address must not keep the secret, which is in the fragment,
  // or behind it where mail software escaped the #.
  const page = "/redeem";
  const arrived = window.location.pathname.slice(page.length) + window.location.hash;
  if (arrived !== "") window.history.replaceState(null, "", page + window.location.search);

  const field = () => document.querySelector("[data-redeem] [name=registrationToken]");
  const secretIn = (text) => window.musterFindSecret(text, "mrt_");

  const check = () => {
    const input = field();
    const warning = document.querySelector("[data-token-typo]");
    if (!input || !warning) return;
    const found = secretIn(input.value);
    if (found) input.value = found;
    warning.hidden = found !== "" || input.value.trim() === "";
  };

  let doubted = "";
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-redeem]")) return;
    check();
    const input = field();
    const value = input.value.trim();
    // This is said once; if the same is sent again, the server says it.
    if (value !== "" && value !== doubted && !secretIn(value)) {
      doubted = value;
      event.preventDefault();
      event.stopImmediatePropagation();
      input.focus();
    }
  }, true);
  document.addEventListener("change", (event) => {
    if (event.target === field()) check();
  });
  // A warning goes as soon as the token is right, not when the field is left:
  // the button would move away under the click.
  document.addEventListener("input", (event) => {
    if (event.target === field() && document.querySelector("[data-token-typo]:not([hidden])")) check();
  });
  // A field of one line drops line breaks: what was pasted is read before it does.
  document.addEventListener("paste", (event) => {
    if (event.target !== field()) return;
    const found = secretIn(event.clipboardData?.getData("text/plain") ?? "");
    if (found) {
      event.preventDefault();
      event.target.value = found;
    }
    window.setTimeout(check);
  });

  // After a form error the server does not repeat the secret; the browser
  // still knows it. After a refusal it must be pasted again.
  let typed = "";
  document.addEventListener("htmx:beforeRequest", () => {
    typed = field()?.value ?? "";
  });
  document.addEventListener("htmx:afterSettle", () => {
    const input = field();
    if (input && input.value === "" && document.querySelector("[data-redeem] [aria-invalid=true]")) input.value = typed;
    else typed = "";
  });

  // The file for the application is made from what the page shows: the secrets
  // are not asked for again.
  const offerFile = () => {
    const button = document.querySelector("[data-save-auth-token]");
    if (button) button.hidden = false;
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-save-auth-token]");
    if (!button) return;
    const shown = (id) => document.getElementById(id).textContent;
    const content = {
      auth_token_id: button.dataset.saveAuthToken,
      issuer: window.location.origin,
      token_endpoint: window.location.origin + "/oauth2/token",
      token_type: "Bearer",
      access_token: shown("access-token"),
      refresh_token: shown("refresh-token"),
    };
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(content, null, 2) + "\n"], { type: "application/json" }));
    link.download = "muster-auth-token.json";
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  });
  document.addEventListener("htmx:afterSettle", offerFile);
  offerFile();

  const secret = secretIn(arrived);
  if (field() && secret) {
    const another = document.querySelector("[data-another]"); // below an earlier auth token
    if (another) another.open = true;
    field().value = secret;
    document.querySelector("[data-redeem] [name=systemUserName]")?.focus();
  }

  // Another language is another page: what was pasted is passed on in the fragment,
  // which is never sent and is removed from the address at once.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-language]");
    const value = field()?.value.trim();
    if (link && value) link.hash = value;
  });
})();
