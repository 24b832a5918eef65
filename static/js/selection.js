// What is selected in a list is in its address, so that a reload, Back and the links
// and forms that lead from the list to itself keep it; the buttons that lead from page
// to page do so without a script. Back shows what is selected now, not what was then.
(() => {
  "use strict";
  const here = window.location.pathname;
  const kept = "selected " + here;
  const rows = () => document.querySelector("[data-select]");
  const selected = () => (rows() ? new FormData(rows()).getAll("id") : []);

  const under = (address, ids) => {
    const to = new URL(address, window.location.href);
    to.searchParams.delete("id");
    for (const id of ids) to.searchParams.append("id", id);
    return to.href;
  };

  const keep = () => {
    const ids = selected();
    if (ids.length > Number(rows()?.dataset.select)) return; // the server takes no more
    window.sessionStorage.setItem(kept, ids.join(" "));
    if (ids.join() === new URLSearchParams(window.location.search).getAll("id").join()) return;
    window.history.replaceState(window.history.state, "", under(window.location.href, ids));
  };

  window.addEventListener("pageshow", (event) => {
    const back = event.persisted || performance.getEntriesByType("navigation")[0]?.type === "back_forward";
    const now = (window.sessionStorage.getItem(kept) ?? "").split(" ").filter(Boolean);
    if (back && now.toSorted().join() !== selected().toSorted().join()) window.location.replace(under(window.location.href, now));
    else keep();
  });
  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-select]")) keep();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.matches("[data-live-rows]")) keep();
  });

  const follow = (event) => {
    const link = event.target.closest("[data-live-rows] a[href]");
    if (!link || link.pathname !== here || link.closest("[data-select-bar]")) return;
    link.href = under(link.href, selected());
  };
  document.addEventListener("click", follow, true);
  document.addEventListener("auxclick", follow, true);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const action = form.getAttribute("action"); // a field may have that name
    const to = new URL(action ?? "", window.location.href).pathname;
    if (form.matches("[data-select]") || to !== here && to !== here + "/columns") return;
    if (form.method === "post") {
      form.setAttribute("action", under(action, selected()));
      return;
    }
    for (const old of form.querySelectorAll("[name=id]")) old.remove();
    for (const id of selected()) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "id", value: id });
      form.append(field);
    }
  }, true);
})();
