// Runs before the page is drawn, so that the chosen colours do not flash. Who is signed
// in has them in their settings, which the server put into the page; for others the
// choice (system, light, dark) stays in this browser.
(() => {
  "use strict";
  const key = "muster-theme";
  const order = ["system", "light", "dark"];
  const root = document.documentElement;

  const stored = () => {
    try {
      const value = localStorage.getItem(key);
      return order.includes(value) ? value : "system";
    } catch {
      return "system"; // storage is switched off
    }
  };

  const apply = (theme) => {
    if (theme === "system") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", theme);
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      button.hidden = false;
      button.title = button.querySelector(".theme-" + theme).textContent.trim();
    }
  };

  let theme = root.dataset.themeSaved || stored();
  apply(theme);
  document.addEventListener("DOMContentLoaded", () => apply(theme));
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-switch]")) return;
    theme = order[(order.indexOf(theme) + 1) % order.length];
    try {
      localStorage.setItem(key, theme);
    } catch {
      // then it applies to this page only
    }
    apply(theme);
    const field = document.querySelector("select[name=theme]");
    if (field) field.value = theme;
    // Without an answer the next page has the old colours, and the switch again.
    if (root.dataset.themeAction) fetch(root.dataset.themeAction, { method: "POST", body: new URLSearchParams({ theme }), keepalive: true }).catch(() => {});
  });
  window.addEventListener("storage", (event) => {
    if (event.key === key) apply((theme = stored()));
  });
})();
