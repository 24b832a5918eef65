// The redeem page: takes the secret out of the address, makes the key that
// lets a repeat be recognised, and notices a mistyped token before it is sent.
(() => {
  "use strict";

  // First of all: the address must not keep the secret.
  const fragment = window.location.hash.slice(1);
  if (fragment !== "") {
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
  }

  const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

  const newKey = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  };

  const field = () => document.querySelector("[data-redeem] [name=registrationToken]");

  // looksWhole is lenient: only what certainly cannot be a registration token
  // is called mistyped; the server has the last word.
  const looksWhole = (value) =>
    value.startsWith("mrt_") && value.length >= 60 && [...value.slice(4)].every((c) => alphabet.includes(c));

  const check = () => {
    const input = field();
    const warning = document.querySelector("[data-token-typo]");
    if (!input || !warning) return;
    const value = input.value.trim();
    warning.hidden = value === "" || looksWhole(value);
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

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-redeem]")) return;
    const input = field();
    input.value = input.value.trim();
    setKey(form);
  }, true);
  document.addEventListener("change", (event) => {
    if (event.target === field()) check();
  });
  document.addEventListener("paste", (event) => {
    if (event.target === field()) window.setTimeout(check);
  });

  // After a form error the server does not repeat the secret; the browser
  // still knows it. After a refusal it must be pasted anew.
  let typed = "";
  document.addEventListener("htmx:beforeRequest", () => {
    typed = field()?.value ?? "";
  });
  document.addEventListener("htmx:afterSettle", () => {
    const input = field();
    if (input && input.value === "" && document.querySelector("[data-redeem] [aria-invalid=true]")) input.value = typed;
    else typed = "";
  });

  const input = field();
  if (input && fragment.startsWith("mrt_")) {
    input.value = fragment;
    check();
    document.querySelector("[data-redeem] [name=systemUserName]")?.focus();
  }
})();
