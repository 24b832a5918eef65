// The search box of the investigation desk says what a text looks like while
// it is typed. Nothing is sent or stored for that.
(() => {
  "use strict";

  const names = { mrt_: "registration token", mrf_: "refresh token", mak_: "API key" };
  // The beginning of a secret, as lists show it: prefix and public id.
  const hintLength = 30;

  const kind = (text) => {
    const secret = /\b(m(?:rt|rf|ak)_)[0-9a-z]*/i.exec(text);
    if (secret) {
      const prefix = secret[1].toLowerCase();
      if (window.musterSecretIsWhole(secret[0], prefix)) return "Looks like a " + names[prefix] + ". It is not stored.";
      if (prefix === "mrt_" && secret[0].length <= hintLength) return "The beginning of a registration token.";
      return "A " + names[prefix] + ", but mistyped or not whole.";
    }
    if (/^eyJ[\w-]*\.[\w-]*/.test(text)) return "Looks like an access token. It is not stored.";
    if (/^[0-9a-z]{4}[- ]?[0-9a-z]{4}$/i.test(text) && /[0-9-]/.test(text)) return "Looks like a support code.";
    if (/^[0-7][0-9a-z]{25}$/i.test(text)) return "Looks like an id.";
    if (/^([0-9a-f]{2}[:-]?){5}[0-9a-f]{2}$|^([0-9a-f]{4}\.){2}[0-9a-f]{4}$/i.test(text)) return "Looks like a MAC address.";
    if (/^\d{1,3}(\.\d{1,3}){3}$|^[0-9a-f]*:[0-9a-f:.]*:[0-9a-f.]*$/i.test(text)) return "Looks like an IP address.";
    if (/\S@\S/.test(text)) return "Looks like an e-mail address.";
    return "";
  };

  const box = () => document.getElementById("find");

  document.addEventListener("input", (event) => {
    if (event.target !== box()) return;
    const output = document.querySelector("[data-find-kind]");
    const text = kind(event.target.value.trim());
    if (output && output.textContent !== text) output.textContent = text;
  });
})();
