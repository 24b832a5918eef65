// The search box of the investigation desk says what a text looks like while
// it is typed. Nothing is sent or stored for that.
(() => {
  "use strict";

  const names = { mrt_: "registration token", mrf_: "refresh token", mak_: "API key" };
  // The beginning of a secret, as lists show it: prefix and public id.
  const hintLength = 30;

  // As the server reads it: no full width, no long dashes, nothing that nobody sees.
  const plain = (text) =>
    text.normalize("NFKC").replace(/\p{Cf}/gu, "").replace(/[\p{Pd}\u2212\u30fc]/gu, "-").replace(/\s+/g, " ").trim();

  const kind = (typed) => {
    const text = plain(typed);
    const secret = /\b(m(?:rt|rf|ak)_)[0-9a-z]*/i.exec(text);
    if (secret) {
      const prefix = secret[1].toLowerCase();
      if (window.musterSecretIsWhole(secret[0], prefix)) return "Looks like a " + names[prefix] + ". It is not stored.";
      if (prefix === "mrt_" && secret[0].length <= hintLength) return "The beginning of a registration token.";
      return "A " + names[prefix] + ", but mistyped or not whole.";
    }
    if (/\beyJ[\w-]*\.[\w-]*/.test(text)) return "Looks like an access token. It is not stored.";
    if (/support[ _-]?code|[?&]code=/i.test(text)) return "Looks like a support code.";
    if (/(^|[^0-9a-z_])[0-7][0-9a-hjkmnp-tv-z]{25}($|[^0-9a-z_])/i.test(text)) return "Looks like an id.";
    const bare = text.replace(/^[\s"'“”„«»‘’()[\]<>*#]+|[\s"'“”„«»‘’()[\]<>*.,;!?]+$/g, "");
    if (/^[0-9a-z]{4}( ?- ?| )?[0-9a-z]{4}$/i.test(bare) && /[0-9]/.test(bare)) return "Looks like a support code.";
    if (/(^|\s)[0-9A-Z]{4}-[0-9A-Z]{4}($|[\s.,;:!?])/.test(text)) return "Looks like a support code.";
    if (/^([0-9a-f]{2}[:-]?){5}[0-9a-f]{2}$|^([0-9a-f]{4}\.){2}[0-9a-f]{4}$/i.test(bare)) return "Looks like a MAC address.";
    if (/^\d{1,3}(\.\d{1,3}){3}$|^[0-9a-f]*:[0-9a-f:.]*:[0-9a-f.]*$/i.test(bare)) return "Looks like an IP address.";
    if (/^\d{1,3}(\.\d{1,3}){0,3}(\.|(\.[*x])+|\/\d{1,2})$|^[0-9a-f:]+(:\*|\/\d{1,3})$/i.test(text)) return "Looks like a network.";
    if (/\S@\S/.test(text)) return "Looks like an e-mail address.";
    return "";
  };

  const box = () => document.getElementById("find");

  document.addEventListener("input", (event) => {
    if (event.target !== box()) return;
    const output = document.querySelector("[data-find-kind]");
    const text = kind(event.target.value);
    if (output && output.textContent !== text) output.textContent = text;
  });
})();
