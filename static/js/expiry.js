// The form of a registration token: its expiry in the time zone of the person typing,
// and the count from users times instances.
(() => {
  "use strict";

  // Expiry -----------------------------------------------------------------
  // The server uses UTC; people read and type in their own time zone. A date that is
  // not changed is sent back unchanged.
  const inOwnZone = (date) => {
    const local = (text) => {
      const when = new Date(text + "Z");
      return Number.isNaN(when.getTime()) ? text : new Date(when - when.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
    };
    const sent = document.createElement("input");
    sent.type = "hidden";
    sent.name = date.name;
    sent.value = date.defaultValue;
    date.removeAttribute("name");
    for (const limit of ["min", "max"]) if (date[limit]) date[limit] = local(date[limit]);
    date.value = local(date.defaultValue);
    date.after(sent);
    date.addEventListener("input", () => {
      const when = new Date(date.value);
      sent.value = Number.isNaN(when.getTime()) ? date.value : when.toISOString().slice(0, 16);
    });
    const label = date.closest(".field").querySelector("label");
    label.textContent = label.textContent.replace("(UTC)", "(your time zone)");
  };

  const showExpiry = (group) => {
    const preset = group.querySelector("select");
    const custom = group.querySelector("[data-expiry-custom]");
    const date = custom.querySelector("input");
    if (date.name) inOwnZone(date);
    const isCustom = preset.value === custom.dataset.expiryCustom;
    custom.hidden = !isCustom;
    const summary = group.closest("form").querySelector("[data-expiry-summary]");
    if (!summary) return;
    const when = isCustom ? new Date(date.value) : new Date(Date.now() + parseInt(preset.value, 10) * 86400000);
    const count = Number(group.closest("form").querySelector("[name=count]")?.value);
    const parts = [];
    if (Number.isInteger(count) && count > 0) parts.push(count.toLocaleString("en") + (count === 1 ? " count" : " counts"));
    if (!Number.isNaN(when.getTime())) {
      parts.push("until " + when.toLocaleString(undefined, { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" }) + " in your zone");
    }
    summary.textContent = parts.join(", ");
  };

  // Users times instances --------------------------------------------------
  const calculate = (group, typed) => {
    const value = (name) => {
      const text = group.querySelector("[name=" + name + "]").value.trim();
      return /^[0-9]+$/.test(text) ? Number(text) : 0;
    };
    const users = value("users"), instances = value("instances"), total = users * instances;
    const result = group.querySelector("[data-calculator-result]");
    if (total < 1) return;
    if (total > 1000000) {
      result.textContent = "More than 1,000,000, the largest count.";
      return;
    }
    const number = (n) => n.toLocaleString("en");
    result.textContent = number(users) + " users × " + number(instances) + " instances = " + number(total) + " counts";
    if (typed) group.closest("form").querySelector("[name=count]").value = String(total);
  };

  document.addEventListener("input", (event) => {
    const calculator = event.target.closest("[data-calculator]");
    if (calculator) calculate(calculator, true);
    const group = event.target.closest("form")?.querySelector("[data-expiry]");
    if (group) showExpiry(group);
  });

  for (const group of document.querySelectorAll("[data-expiry]")) showExpiry(group);
})();
