// Live updates: one server-sent-events stream per browser. One tab leads: it
// reads the stream and passes each message on to the other tabs; when it
// closes, another one takes over.
(() => {
  "use strict";
  const url = document.body.dataset.liveUrl;
  if (!url || !window.fetch || !window.ReadableStream) return;

  const silence = 45000; // the server says something every 15 s
  const slowly = 60000; // how often a page asks that has no stream
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("muster-live") : null;

  // Showing ----------------------------------------------------------------
  const waiting = new Map(); // element -> timer
  const refreshed = new Map(); // element id -> { at, pause } of its last reload

  // busy is true when a reload would disturb what the person is doing.
  const busy = (element) =>
    element.querySelector("input:checked, details[open]") !== null ||
    (element.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")) ||
    document.querySelector("dialog[open]") !== null;

  const refresh = (element) => {
    if (waiting.has(element)) return;
    // Several messages at once cause one reload, and under a flood of messages reloads
    // become less frequent. The counts themselves change with each message.
    const last = refreshed.get(element.id) ?? { at: 0, pause: 0 };
    const since = Date.now() - last.at;
    const pause = since > 2 * last.pause + 1000 ? 1000 : Math.min(2 * last.pause, 16000);
    waiting.set(element, window.setTimeout(() => {
      waiting.delete(element);
      if (!element.isConnected || !element.dataset.liveRows && busy(element)) return;
      refreshed.set(element.id, { at: Date.now(), pause });
      if (element.dataset.liveRows) {
        refreshRows(element);
        return;
      }
      window.htmx.trigger(element, "live-refresh");
    }, Math.max(200, pause - since)));
  };

  // Lists: a row changes as a whole, and with it what else the list says. Rows that came
  // are announced; none moves.
  const changed = new Map(); // list id -> ids of its rows that may have changed
  const isList = (element) => element.closest("[data-live-rows]") !== null;

  const note = (list, message) => {
    const prefix = list.dataset.liveRows;
    const { kind } = message;
    if (prefix === "request-" && !["request-changed", "registration-token-changed", "reconnected"].includes(kind)) return;
    const id = prefix === "auth-token-" ? message.authToken : message.registrationToken;
    const came = prefix === "auth-token-" && kind === "registration-token-redeemed";
    const ofMany = !id && kind === (prefix === "auth-token-" ? "auth-token-deleted" : "registration-token-changed");
    if (!id && !came && !ofMany && kind !== "reconnected") return;
    if (!changed.has(list.id)) changed.set(list.id, new Set());
    if (came) { // on no page yet
      refresh(list);
      return;
    }
    let about = "tr[id]";
    // A request is about the registration token that its row leads to.
    if (id) about = prefix === "request-" ? `tr[id]:has(a[href$="/${id}"])` : "#" + prefix + id;
    for (const row of list.querySelectorAll(about)) changed.get(list.id).add(row.id);
    refresh(list);
  };

  // replaceCells leaves alone what is the same, chosen or has the focus.
  const replaceCells = (row, fresh) => {
    [...fresh.cells].forEach((cell, i) => {
      const old = row.cells[i];
      if (!old || old.contains(document.activeElement) || old.querySelector(":checked") && cell.querySelector("input")) return;
      const element = document.importNode(cell, true);
      if (old.textContent !== element.textContent) element.classList.add("just-changed");
      if (old.innerHTML !== cell.innerHTML) old.replaceWith(element);
    });
  };

  const refreshRows = async (list) => {
    const ids = [...changed.get(list.id) ?? []].filter((id) => document.getElementById(id));
    changed.delete(list.id);
    const url = new URL(list.dataset.liveUrl, window.location.href);
    url.searchParams.set("rows", ids.map((id) => id.slice(list.dataset.liveRows.length)).join("."));
    url.searchParams.set("since", list.dataset.liveSince);
    try {
      const answer = await fetch(url, { headers: { "Muster-Background": "1" }, credentials: "same-origin", redirect: "manual" });
      if (!answer.ok) return;
      const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of parsed.querySelectorAll("[data-live-part]")) {
        const old = document.getElementById(part.id);
        if (old && old.innerHTML !== part.innerHTML && !old.contains(document.activeElement)) old.replaceWith(document.importNode(part, true));
      }
      for (const fresh of parsed.querySelectorAll("tr[id]")) {
        const row = document.getElementById(fresh.id);
        if (row) replaceCells(row, fresh);
      }
      document.dispatchEvent(new CustomEvent("muster:fragments"));
    } catch {
      // The next change asks again.
    }
  };

  const refreshTopics = (topics) => {
    for (const element of document.querySelectorAll("[data-live]")) {
      if (topics === null || element.dataset.live.split(" ").some((t) => topics.includes(t))) refresh(element);
    }
  };

  const replaceFragments = (html) => {
    const parsed = new DOMParser().parseFromString(html, "text/html");
    for (const fresh of [...parsed.body.children]) {
      const old = fresh.id && document.getElementById(fresh.id);
      if (!old || isList(old)) continue;
      const element = document.importNode(fresh, true);
      if (old.textContent !== element.textContent) element.classList.add("just-changed");
      old.replaceWith(element);
      window.htmx.process(element);
    }
    document.dispatchEvent(new CustomEvent("muster:fragments"));
  };

  const show = (message) => {
    for (const list of document.querySelectorAll("[data-live-rows]")) note(list, message);
    if (message.kind === "reconnected") {
      refreshTopics(null);
      return;
    }
    if (message.fragments) replaceFragments(message.fragments);
    const topics = ["activity"];
    if (message.registrationToken) {
      topics.push("registration-token:" + message.registrationToken);
    }
    if (message.authToken) topics.push("auth-token:" + message.authToken);
    if (["request-changed", "registration-token-changed"].includes(message.kind)) topics.push("requests");
    if (message.kind === "auth-token-deleted" && !message.authToken) {
      // Many at once: the page may show some of them.
      refreshTopics(null);
      return;
    }
    const row = message.authToken && document.getElementById("auth-token-" + message.authToken);
    const around = row && row.closest("[data-live]");
    if (around) refresh(around);
    refreshTopics(topics);
  };

  const publish = (message) => {
    channel?.postMessage(message);
    show(message);
  };
  if (channel) channel.onmessage = (event) => show(event.data);

  // Reading ----------------------------------------------------------------
  // read says whether to reconnect when the stream ends.
  const read = async (body, signal, alive) => {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let buffer = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted) return true;
      alive();
      buffer += value.replaceAll("\r\n", "\n");
      const events = buffer.split("\n\n");
      buffer = events.pop();
      for (const event of events) {
        const data = event.split("\n").filter((l) => l.startsWith("data:")).map((l) => l.slice(5).replace(/^ /, "")).join("\n");
        if (data === "") continue; // a comment to keep the line open
        try {
          const message = JSON.parse(data);
          if (message.kind === "superseded") return false;
          publish(message);
        } catch {
          // A message that cannot be read must not end the stream.
        }
      }
    }
  };

  const pause = (ms) => new Promise((resolve) => window.setTimeout(resolve, ms));

  // askNowAndThen is for pages that another one of the same person took the place of:
  // they follow slowly until somebody looks at this browser again.
  const askNowAndThen = async (leaving) => {
    let look;
    const looked = new Promise((resolve) => {
      look = () => { if (!document.hidden) resolve(true); };
    });
    document.addEventListener("visibilitychange", look);
    while (!leaving.aborted && !await Promise.race([looked, pause(slowly)])) publish({ kind: "reconnected" });
    document.removeEventListener("visibilitychange", look);
  };

  // lead reads the stream until the session ends or the page goes away.
  const lead = async (leaving) => {
    let failures = 0;
    let connected = false;
    while (!leaving.aborted) {
      const attempt = new AbortController();
      const stop = () => attempt.abort();
      leaving.addEventListener("abort", stop);
      let timer;
      const alive = () => {
        window.clearTimeout(timer);
        timer = window.setTimeout(stop, silence);
      };
      alive();
      try {
        const answer = await fetch(url, {
          headers: { Accept: "text/event-stream", "Muster-Background": "1" },
          credentials: "same-origin",
          cache: "no-store",
          redirect: "manual",
          signal: attempt.signal,
        });
        // Logged out, or no longer allowed: there is nothing to wait for.
        if (answer.type === "opaqueredirect" || [204, 401, 403, 404].includes(answer.status)) return;
        if (answer.ok) {
          if (connected) publish({ kind: "reconnected" });
          connected = true;
          failures = 0;
          if (!await read(answer.body, attempt.signal, alive)) {
            window.clearTimeout(timer);
            await askNowAndThen(leaving);
          }
        }
      } catch {
        // The connection broke; try again below.
      } finally {
        window.clearTimeout(timer);
        leaving.removeEventListener("abort", stop);
      }
      if (leaving.aborted) return;
      failures += 1;
      await pause(Math.min(30000, 500 * 2 ** Math.min(failures, 6)) * (0.75 + Math.random() / 2));
    }
  };

  let leaving = new AbortController();
  const start = () => {
    leaving = new AbortController();
    const { signal } = leaving;
    if (navigator.locks && channel) {
      navigator.locks.request("muster-live", { signal }, () => lead(signal)).catch(() => {});
    } else {
      lead(signal);
    }
  };
  window.addEventListener("pagehide", () => leaving.abort());
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    start();
    show({ kind: "reconnected" });
  });
  start();
})();
