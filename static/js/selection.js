// Links from a list to itself, in another order or state, keep what is selected;
// the buttons that lead from page to page do so without a script.
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-live] a[href]");
    const form = link?.closest("[data-live]").querySelector("[data-select]");
    if (!form || link.pathname !== window.location.pathname || link.closest("[data-select-bar]")) return;
    const to = new URL(link.href);
    to.searchParams.delete("id");
    for (const id of new FormData(form).getAll("id")) to.searchParams.append("id", id);
    link.href = to;
  }, true);
})();
