// What every page does besides htmx: times that stay fresh, copy
// buttons, selections, the dialog, menus, shortcuts. Each part only adds to a
// page that works without it.
(() => {
  "use strict";

  // Times ------------------------------------------------------------------
  // Exact times are written by the server, in the viewer's zone; "in 3 days" goes stale.
  const language = document.documentElement.lang;
  const relative = language === "en" ? null : new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const units = [["year", 31557600], ["month", 2629800], ["day", 86400], ["hour", 3600], ["min", 60]];

  const relativeText = (date) => {
    const seconds = (date - Date.now()) / 1000;
    for (const [unit, size] of units) {
      // Months and years only when they are precise enough; 45 days is clearer.
      const least = unit === "month" || unit === "year" ? 2 * size : size;
      if (Math.abs(seconds) < 0.95 * least) continue;
      const n = Math.round(Math.abs(seconds) / size);
      if (relative) return relative.format(seconds < 0 ? -n : n, unit === "min" ? "minute" : unit);
      const words = n + " " + unit + (n === 1 || unit === "min" ? "" : "s");
      return seconds < 0 ? words + " ago" : "in " + words;
    }
    if (relative) return relative.format(0, "second");
    return seconds < 0 ? "just now" : "in a moment";
  };

  const showTimes = (root) => {
    for (const element of root.querySelectorAll("time:not([data-exact])")) {
      const date = new Date(element.dateTime);
      if (Number.isNaN(date.getTime())) continue;
      const text = relativeText(date);
      if (element.textContent !== text) element.textContent = text;
    }
  };

  // The server writes times in the browser's zone, once a cookie tells it which that is.
  // A page that was made before, and has nothing to lose, is loaded again.
  const root = document.documentElement;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const kept = root.dataset.zoneCookie;
  const cookie = kept + "=" + zone;
  const hasCookie = () => document.cookie.split("; ").includes(cookie);
  if (kept && zone && !hasCookie()) {
    document.cookie = cookie + "; Path=/; Max-Age=31536000; SameSite=Lax" + (kept.startsWith("__Host-") ? "; Secure" : "");
    const said = document.getElementById("notices")?.childElementCount > 0;
    if ("zoneReload" in root.dataset && zone !== root.dataset.zone && hasCookie() && !said) window.location.reload();
  }

  // A secret that is shown once: leaving before it was copied asks once.
  let unsaved = document.querySelector("[data-leave-guard]") !== null;
  document.addEventListener("htmx:afterSwap", (event) => {
    const { target } = event.detail;
    unsaved ||= Boolean(target?.id && document.getElementById(target.id)?.querySelector("[data-leave-guard]"));
  });
  document.addEventListener("copy", () => {
    unsaved = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!unsaved) return;
    unsaved = false;
    event.preventDefault();
  });

  // Copy -------------------------------------------------------------------
  const copyText = async (source) => {
    if (navigator.clipboard && window.isSecureContext) {
      await navigator.clipboard.writeText(source.textContent);
      return;
    }
    const range = document.createRange();
    range.selectNodeContents(source);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    if (!document.execCommand("copy")) throw new Error("copying is not allowed");
  };

  const copy = async (button) => {
    const source = document.getElementById(button.dataset.copyTarget);
    if (!source) return;
    try {
      await copyText(source);
    } catch {
      const range = document.createRange();
      range.selectNodeContents(source);
      window.getSelection().removeAllRanges();
      window.getSelection().addRange(range);
      return; // selected, so that the keyboard can copy it
    }
    unsaved = false;
    button.classList.add("is-copied");
    window.setTimeout(() => button.classList.remove("is-copied"), 2000);
  };

  // Selections -------------------------------------------------------------
  const rowBoxes = (form) => [...form.querySelectorAll("[type=checkbox][name=id]")];
  const showSelection = (form) => {
    const rows = rowBoxes(form);
    const chosen = rows.filter((row) => row.checked).length;
    const elsewhere = form.querySelectorAll("[data-select-elsewhere]").length;
    const all = form.querySelector("[data-select-all]");
    if (all) {
      all.hidden = rows.length === 0;
      all.checked = chosen > 0 && chosen === rows.length;
      all.indeterminate = chosen > 0 && chosen < rows.length;
    }
    form.querySelector("[data-select-bar]")?.classList.toggle("is-empty", chosen + elsewhere === 0);
    const count = form.querySelector("[data-select-count]");
    if (!count) return;
    const most = Number(form.dataset.select);
    if (chosen + elsewhere > most) count.textContent = chosen + elsewhere + " selected: at most " + most + " can be";
    else count.textContent = elsewhere > 0
      ? chosen + elsewhere + " selected, " + chosen + " of them on this page"
      : chosen + " of " + rows.length + " selected";
  };

  // Notices ----------------------------------------------------------------
  // While a dialog is open nobody sees what stands behind it: it has notices of its own.
  const region = () => {
    const body = document.querySelector("#dialog[open] > #dialog-body");
    if (!body) return document.getElementById("notices");
    let notices = body.querySelector(":scope > .notices");
    if (!notices) {
      notices = document.createElement("div");
      notices.className = "notices";
      notices.setAttribute("aria-live", "polite");
      body.prepend(notices);
    }
    return notices;
  };
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target?.id === "notices") event.detail.target = region();
  });

  const say = (text) => {
    const notices = region();
    if (!notices) return;
    const notice = document.createElement("div");
    notice.className = "notice notice-danger";
    const line = document.createElement("p");
    line.className = "font-strong";
    line.textContent = text;
    notice.append(line);
    notices.replaceChildren(notice);
    notice.scrollIntoView({ block: "nearest" });
  };

  // Everything new on the page --------------------------------------------
  const prepare = (root) => {
    showTimes(root);
    for (const button of root.querySelectorAll("[data-copy-target]")) button.hidden = false;
    for (const form of root.querySelectorAll("[data-select]")) showSelection(form);
    // The tab that one is on is seen.
    for (const tab of root.querySelectorAll(".tabs > [aria-current]")) tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft;
    if (root !== document) root.querySelector("[aria-invalid=true]")?.focus();
  };

  // Rows -------------------------------------------------------------------
  // A click anywhere on a row opens what its link opens, unless it meets a control
  // or ends a selection of text. Nothing is stretched over the row, because WebKit
  // does not position table rows.
  const rowLink = (event) => {
    if (event.target.closest("a, button, input, select, textarea, label, summary, dialog")) return null;
    return event.target.closest("tbody tr")?.querySelector(".row-open");
  };
  const openAside = (link) => window.open(link.href, "_blank", "noopener");

  document.addEventListener("mousedown", (event) => {
    if (event.button === 1 && rowLink(event)) event.preventDefault(); // it would start scrolling
  });
  const openRow = (event) => {
    const link = event.button < 2 && rowLink(event);
    if (!link || !window.getSelection().isCollapsed) return;
    if (event.button === 1 || event.ctrlKey || event.metaKey || event.shiftKey) openAside(link);
    else link.click();
  };
  document.addEventListener("click", openRow);
  document.addEventListener("auxclick", openRow);

  // What has no room says the whole to a pointer.
  document.addEventListener("mouseover", (event) => {
    const text = event.target.closest("bdi");
    const cut = text?.firstElementChild ?? text;
    if (text && !text.title && cut.scrollWidth > cut.clientWidth) text.title = text.textContent;
  });

  document.addEventListener("click", (event) => {
    const target = event.target;
    const button = target.closest("[data-copy-target]");
    if (button) copy(button);
    if (target.closest("[data-print]")) window.print();
    if (target.closest("[data-shortcuts-open]")) document.getElementById("shortcuts").showModal();
    if (target.closest("[data-back]")) window.history.back();
    if (target.closest("[data-leave-done]")) unsaved = false;
    const closer = target.closest("[data-dialog-close]");
    const dialog = closer?.closest("dialog");
    if (dialog) {
      event.preventDefault();
      dialog.close();
    }
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(target)) menu.open = false;
    }
  });

  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-select]");
    if (form) {
      if (event.target.matches("[data-select-all]")) {
        for (const row of rowBoxes(form)) row.checked = event.target.checked;
      }
      showSelection(form);
    }
  });

  // One click, one request: a second one waits for the answer.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]") || form.hasAttribute("hx-post")) return;
    if (form.classList.contains("is-busy")) {
      event.preventDefault();
      return;
    }
    form.classList.add("is-busy");
  });
  // Going back must not show what was pasted: it may have been a secret.
  window.addEventListener("pagehide", () => {
    const find = document.getElementById("find");
    if (find) find.value = "";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll(".is-busy")) form.classList.remove("is-busy");
  });

  let pending = 0; // when g was pressed
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const menu of document.querySelectorAll("details[data-menu][open]")) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    }
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const search = document.getElementById("find");
    if (event.key === "/" && search) {
      event.preventDefault();
      search.focus();
      search.select();
      return;
    }
    // "g" waits briefly for the key that says where to go.
    const keys = Date.now() - pending < 1500 ? "g " + event.key : event.key;
    pending = event.key === "g" ? Date.now() : 0;
    const shortcut = document.querySelector("[data-shortcut='" + CSS.escape(keys) + "']");
    if (shortcut) {
      event.preventDefault();
      shortcut.click();
    }
  });

  // Focus ------------------------------------------------------------------
  // What had the focus when its part of the page was replaced has it again: whoever
  // works by keyboard goes on where they were.
  let held = null;
  const likeness = (element) => [element.tagName, ...["href", "name", "value", "aria-label"].map((name) => element.getAttribute(name)), element.textContent.trim()].join(" ");
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target } = event.detail;
    const focused = document.activeElement;
    if (!target?.id || target.id === "notices" || focused === document.body || !target.contains(focused)) return;
    const alike = [...target.querySelectorAll(focused.tagName)];
    held = { id: target.id, tag: focused.tagName, likeness: likeness(focused), at: alike.indexOf(focused) };
  });
  const holdOn = (root) => {
    const was = held;
    if (!was || root.id !== was.id) return;
    held = null;
    if (document.activeElement !== document.body) return;
    const alike = [...root.querySelectorAll(was.tag)];
    const next = alike.find((element) => likeness(element) === was.likeness) ?? alike[was.at];
    next?.focus({ preventScroll: true });
  };
  // A dialog gives the focus back to what opened it, or to the menu that had that.
  document.getElementById("dialog")?.addEventListener("close", () => {
    const focused = document.activeElement;
    if (focused !== document.body && focused.checkVisibility()) return;
    const opener = document.querySelector("[data-opener]");
    (opener?.closest("details[data-menu]")?.querySelector("summary") ?? opener ?? document.getElementById("main")).focus();
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    const target = event.detail.target;
    // An outer swap leaves the old element behind: look at the new one.
    const root = (target?.id && document.getElementById(target.id)) || target || document;
    prepare(root.parentElement || root);
    showTimes(document); // parts swapped along with it
    if (root !== document) holdOn(root);
    if (root.id === "dialog-body") {
      const dialog = document.getElementById("dialog");
      if (root.childElementCount > 0 && !dialog.open) {
        document.querySelector("[data-opener]")?.removeAttribute("data-opener");
        event.detail.requestConfig?.elt.setAttribute("data-opener", "");
        for (const menu of document.querySelectorAll("details[data-menu][open]")) menu.open = false;
        dialog.showModal();
        // What one types, else the way out; a browser takes the list that scrolls.
        (dialog.querySelector("[aria-invalid=true]") ?? dialog.querySelector(".input, [data-dialog-close]"))?.focus();
      }
    }
  });
  document.addEventListener("htmx:sendError", () => say("Muster cannot be reached. Nothing was changed by this; check your connection and try again."));
  document.addEventListener("htmx:timeout", () => say("Muster did not answer in time. Try again."));
  document.addEventListener("muster:fragments", () => showTimes(document));

  for (const opener of document.querySelectorAll("[data-shortcuts-open], [data-print]")) opener.hidden = false;
  for (const back of document.querySelectorAll("[data-back]")) back.hidden = window.history.length < 2;
  prepare(document);
  document.querySelector("[aria-invalid=true]")?.focus();
  window.setInterval(() => showTimes(document), 30000);
})();
