// The console works without this file. It adds: live pages, keyboard shortcuts, ages that move on.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const say = (text) => { const box = $("#announce"); if (box) box.textContent = text; };

  // ages
  const steps = [[86400, "d"], [3600, "h"], [60, "min"]];
  const age = (seconds) => {
    const away = Math.abs(seconds);
    const step = steps.find(([size]) => away >= size);
    const text = step ? `${Math.floor(away / step[0])} ${step[1]}` : `${Math.floor(away)} s`;
    return seconds >= 0 ? `${text} ago` : `in ${text}`;
  };
  const tick = () => all("time[data-age]").forEach((time) => {
    const at = Date.parse(time.dateTime);
    if (!Number.isNaN(at)) time.textContent = age((Date.now() - at) / 1000);
  });
  tick();
  setInterval(tick, 15000);

  // live: fetch the page again and take over the parts that are marked
  const live = $(".live");
  let waiting = null;
  const refresh = async () => {
    waiting = null;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of all("[data-live]")) {
        const next = fresh.getElementById(part.id);
        if (!next || part.contains(document.activeElement) || part.innerHTML === next.innerHTML) continue;
        const known = new Set(all("tr[data-key]", part).map((row) => row.dataset.key));
        part.replaceChildren(...next.childNodes);
        if (known.size) all("tr[data-key]", part).forEach((row) => { if (!known.has(row.dataset.key)) row.classList.add("fresh"); });
      }
      tick();
    } catch { /* the next event tries again */ }
  };
  const soon = () => { if (waiting === null) waiting = setTimeout(refresh, 400); };
  if ($("[data-live]") && "EventSource" in window) {
    const events = new EventSource("/api/v1/events");
    const state = (on) => { if (live) { live.dataset.state = on ? "on" : "off"; live.textContent = on ? "Live" : "Reconnecting"; } };
    events.onopen = () => state(true);
    events.onerror = () => state(false);
    const kinds = ["submitted", "denied", "approved", "refused", "performing", "done", "failed", "unknown", "undone", "session", "key", "kill", "dropped"];
    kinds.forEach((kind) => events.addEventListener(kind, soon));
    events.addEventListener("waiting", () => { say("A new approval is waiting"); soon(); });
    addEventListener("pagehide", () => events.close());
  }

  // keyboard
  const places = { o: "/", a: "/approvals", l: "/ledger", s: "/sessions", f: "/findings", w: "/workflows", m: "/models", t: "/tools", c: "/chat" };
  const help = $("#keys");
  const typing = (element) => element && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));
  const rows = () => all("[data-rows] a.main");
  const move = (by) => {
    const links = rows();
    if (!links.length) return;
    const at = links.indexOf(document.activeElement);
    links[at < 0 ? 0 : Math.min(links.length - 1, Math.max(0, at + by))].focus();
  };
  const vote = (name) => {
    const reason = $("#reason");
    if (!reason) return false;
    reason.form.dataset.vote = name;
    reason.focus();
    say(`Give a reason, then press Control and Enter to ${name}`);
    return true;
  };
  let going = false;
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target.form) {
      const form = event.target.form;
      const button = form.dataset.vote ? $(`button[data-vote="${form.dataset.vote}"]`, form) : null;
      if (button) { event.preventDefault(); form.requestSubmit(button); }
      return;
    }
    if (event.key === "Escape" && typing(event.target)) return event.target.blur();
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (going) {
      going = false;
      if (places[event.key]) { event.preventDefault(); location.assign(places[event.key]); }
      return;
    }
    const taken = {
      g: () => { going = true; setTimeout(() => { going = false; }, 1200); return true; },
      j: () => { move(1); return true; },
      k: () => { move(-1); return true; },
      a: () => vote("approve"),
      d: () => vote("deny"),
      "/": () => { const box = $("input[type=search]"); if (box) box.focus(); return Boolean(box); },
      "?": () => { if (help && !help.open) help.showModal(); return Boolean(help); },
    }[event.key];
    if (taken && taken()) event.preventDefault();
  });
  all("[data-opens]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => $(`#${button.dataset.opens}`).showModal());
  });
  all("select[data-submits]").forEach((select) => select.addEventListener("change", () => select.form.requestSubmit()));
})();
