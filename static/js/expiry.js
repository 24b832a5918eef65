// The form of a registration token: what its expiry means, and the count from users times instances.
(() => {
  "use strict";

  // Expiry -----------------------------------------------------------------
  // What is typed is a clock in the zone beside it, and is shown as it is: taken for
  // UTC, no hour of it is missing or comes twice.
  const showExpiry = (group) => {
    const preset = group.querySelector("select");
    const custom = group.querySelector("[data-expiry-custom]");
    const date = custom.querySelector("input");
    const zone = group.querySelector("[name=zone]").value;
    const isCustom = preset.value === custom.dataset.expiryCustom;
    custom.hidden = !isCustom;
    const summary = group.closest("form").querySelector("[data-expiry-summary]");
    if (!summary) return;
    const when = isCustom ? new Date(date.value + "Z") : new Date(Date.now() + parseInt(preset.value, 10) * 86400000);
    const count = Number(group.closest("form").querySelector("[name=count]")?.value);
    const parts = [];
    if (Number.isInteger(count) && count > 0) parts.push(count.toLocaleString("en") + (count === 1 ? " count" : " counts"));
    if (!Number.isNaN(when.getTime())) {
      const text = new Intl.DateTimeFormat("en-GB", {
        weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: isCustom ? "UTC" : zone || "UTC",
      }).format(when);
      parts.push("until " + text + " (" + zone + ")");
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
