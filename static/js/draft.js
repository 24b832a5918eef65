// What is typed into a form stays when its page is left: it is kept, sealed, in a cookie
// for a quarter of an hour, and stands in the form when that is opened again. And the
// answer that shows a secret gets an address, so that a reload sends nothing again.
(() => {
  "use strict";

  const shown = document.querySelector("[data-address]");
  if (shown) window.history.replaceState(null, "", shown.dataset.address);

  const main = document.querySelector("main[data-draft]");
  if (!main || !window.fetch) return;
  const page = window.location.pathname + window.location.search;
  const longest = 6000; // more fits into no cookie
  let waiting = 0;
  let sending = null;
  let over = false; // sent, or given up

  const visible = "textarea, select, input:not([type=hidden])";
  const forms = () => [...main.querySelectorAll("form[method=post]")].filter((form) => form.querySelector(visible) && !form.querySelector("[type=password]"));

  const typed = () => {
    const values = new URLSearchParams();
    for (const form of forms()) {
      for (const [name, value] of new FormData(form)) {
        if (typeof value === "string") values.append(name, value);
      }
    }
    return values.toString().length > longest ? new URLSearchParams() : values;
  };

  const keep = (values) => {
    window.clearTimeout(waiting);
    waiting = 0;
    sending?.abort();
    sending = new AbortController();
    return fetch("/admin/draft", {
      method: "POST",
      body: values,
      headers: { "Muster-Page": page, "Muster-Background": "1" },
      credentials: "same-origin",
      keepalive: true,
      signal: sending.signal,
    }).catch(() => {}); // then only this page has it
  };

  const soon = () => {
    if (over) return;
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => keep(typed()), 500);
  };

  const ours = (event) => forms().some((form) => form.contains(event.target));
  document.addEventListener("input", (event) => {
    if (ours(event)) soon();
  });
  document.addEventListener("change", (event) => {
    if (ours(event)) soon();
  });
  document.addEventListener("submit", (event) => {
    if (!ours(event)) return;
    over = !event.defaultPrevented; // what a script sends may come back
    window.clearTimeout(waiting);
    waiting = 0;
    sending?.abort();
  });
  // Cancel means it.
  document.addEventListener("click", (event) => {
    if (over || !event.target.closest("main[data-draft] .form-actions a[href]")) return;
    over = true;
    keep(new URLSearchParams());
  });
  // So does taking what somebody else saved, which leads to the same page.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-drop-draft]");
    if (!link) return;
    event.preventDefault();
    over = true;
    await keep(new URLSearchParams());
    window.location.assign(link.href);
  });
  window.addEventListener("pagehide", () => {
    if (waiting) keep(typed());
  });
  if ("restored" in main.dataset) keep(typed());
})();
