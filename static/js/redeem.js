// The redeem page: removes the secret from the address, makes the key by which a
// repeat is recognised, and detects a mistyped token before it is sent.
(() => {
  "use strict";

  // This comes first: the address must not keep the secret.
  const fragment = window.location.hash.slice(1);
  if (fragment !== "") {
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
  }

  const newKey = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  };

  const field = () => document.querySelector("[data-redeem] [name=registrationToken]");

  const check = () => {
    const input = field();
    const warning = document.querySelector("[data-token-typo]");
    if (!input || !warning) return;
    const value = input.value.trim();
    warning.hidden = value === "" || window.musterSecretIsWhole(value, "mrt_");
  };

  // The key belongs to one set of inputs: another token or another person is
  // another redemption, and must not be taken for a repeat.
  let key = { inputs: "", value: "" };
  const setKey = (form) => {
    const hidden = form.querySelector("[data-idempotency-key]");
    if (!hidden) return;
    const inputs = JSON.stringify([...form.elements].filter((e) => e.name && e !== hidden).map((e) => e.value.trim()));
    if (inputs !== key.inputs || key.value === "") key = { inputs, value: newKey() };
    hidden.value = key.value;
  };

  let doubted = "";
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-redeem]")) return;
    const input = field();
    input.value = input.value.trim();
    // This is said once; if the same is sent again, the server says it.
    if (input.value !== "" && input.value !== doubted && !window.musterSecretIsWhole(input.value, "mrt_")) {
      doubted = input.value;
      event.preventDefault();
      event.stopImmediatePropagation();
      check();
      input.focus();
      return;
    }
    setKey(form);
  }, true);
  document.addEventListener("change", (event) => {
    if (event.target === field()) check();
  });
  // A warning goes as soon as the token is right, not when the field is left:
  // the button would move away under the click.
  document.addEventListener("input", (event) => {
    if (event.target === field() && document.querySelector("[data-token-typo]:not([hidden])")) check();
  });
  document.addEventListener("paste", (event) => {
    if (event.target === field()) window.setTimeout(check);
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

  const input = field();
  if (input && fragment.startsWith("mrt_")) {
    input.value = fragment;
    check();
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
