// What is typed into a form stays when its page is left: it is kept, sealed, in a cookie
// for a quarter of an hour, and stands in the form when that is opened again; leaving
// what is too long for that asks first. And the answer that shows a secret gets an
// address, so that a reload sends nothing again.
(() => {
  "use strict";

  const shown = document.querySelector("[data-address]");
  if (shown) window.history.replaceState(null, "", shown.dataset.address);

  const main = document.querySelector("main[data-draft]");
  if (!main || !window.fetch) return;
  let waiting = 0;
  let sending = null;
  let over = false; // sent, or given up
  let tooLong = false; // leaving would lose it

  // What is pasted into the search box may be a secret.
  const visible = "textarea, select, input:not([type=hidden])";
  const forms = () => [...main.querySelectorAll("form[method=post]")].filter((form) => form.querySelector(visible) && !form.querySelector("[type=password], [name=query]"));
  const restored = new WeakSet("restored" in main.dataset ? forms() : []);

  const changed = (field) => {
    if (field.type === "hidden") return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.options) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
    return "defaultValue" in field && field.value !== field.defaultValue;
  };

  const typed = () => {
    const values = new URLSearchParams();
    for (const form of forms()) {
      if (!restored.has(form) && ![...form.elements].some(changed)) continue;
      for (const [name, value] of new FormData(form)) {
        if (typeof value === "string") values.append(name, value);
      }
    }
    return values;
  };

  const keep = async (values) => {
    window.clearTimeout(waiting);
    waiting = 0;
    sending?.abort();
    sending = new AbortController();
    const body = values.toString();
    if (body.length > 60000) { // more than the server reads
      tooLong = true;
      return;
    }
    try {
      const answer = await fetch("/admin/draft", {
        method: "POST",
        body: values,
        headers: { "Muster-Page": window.location.pathname + window.location.search, "Muster-Background": "1" },
        credentials: "same-origin",
        keepalive: true,
        signal: sending.signal,
      });
      tooLong = answer.headers.get("Muster-Status") === "413";
    } catch {
      // Then only this page has it.
    }
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
  window.addEventListener("beforeunload", (event) => {
    if (tooLong && !over) event.preventDefault();
  });
  window.addEventListener("pagehide", () => {
    if (waiting) keep(typed());
  });
  if ("restored" in main.dataset) keep(typed());
})();
