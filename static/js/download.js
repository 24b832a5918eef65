// A form that is answered with a file of secrets: shows progress, and keeps the file
// in the page, so that a failed download can be saved again.
(() => {
  "use strict";

  const form = document.querySelector("form[data-download]");
  if (!form || !window.fetch) return;
  const progress = form.querySelector("[data-download-progress]");
  const done = document.querySelector("[data-download-done]");
  let file = null;
  let busy = false;

  const save = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file.content);
    link.download = file.name;
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };

  const nameOf = (answer) => /filename="?([^";]+)/.exec(answer.headers.get("Content-Disposition") || "")?.[1] || "registration-tokens.csv";

  const show = (state) => {
    busy = state === "busy";
    form.classList.toggle("is-busy", busy);
    progress.hidden = !busy;
    form.hidden = state === "done";
    done.hidden = state !== "done";
    const change = document.querySelector("[data-download-change]");
    if (change) change.hidden = state !== "idle";
  };

  const send = async () => {
    show("busy");
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "manual" });
      if (answer.type === "opaqueredirect") {
        // No file, and nothing was created: to a page that says why, or to the login.
        busy = false;
        form.submit();
        return;
      }
      if (!(answer.headers.get("Content-Type") || "").startsWith("text/csv")) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        document.getElementById("main").replaceWith(page.getElementById("main"));
        document.getElementById("main").focus();
        busy = false;
        return;
      }
      file = { name: nameOf(answer), content: await answer.blob() };
      save();
      show("done");
      done.querySelector("[data-download-done-text]").focus();
    } catch {
      show("idle");
      const line = form.querySelector("[data-download-state]");
      progress.hidden = false;
      progress.querySelector("progress").hidden = true;
      line.textContent = "Muster did not answer. Check in the list whether the registration tokens were created before you send it again; sending it again creates nothing twice.";
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!busy) send();
  });
  document.querySelector("[data-download-again]")?.addEventListener("click", save);
  window.addEventListener("beforeunload", (event) => {
    if (busy) event.preventDefault();
  });
})();
