// Keyboard for clerks: single letters, never in fields, never while an input method composes, and with an off switch.
(() => {
  "use strict";
  const STORE = "yg-keys-off";
  const sheet = document.getElementById("yg-keys");
  const off = () => localStorage.getItem(STORE) === "1";
  const all = (selector) => [...document.querySelectorAll(selector)];

  const typing = (event) =>
    event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey ||
    event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable], [data-source]");

  const rows = () => all("[data-rows] > tr:not(.yg-group)");
  const current = () => document.querySelector("[data-rows] > tr.yg-cursor");

  function move(step) {
    const list = rows();
    if (!list.length) return;
    const at = list.indexOf(current());
    const next = list[Math.min(list.length - 1, Math.max(0, at + step))];
    for (const row of list) row.classList.toggle("yg-cursor", row === next);
    const hold = next.querySelector("a[href], input, button");
    hold?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  const acts = {
    "/": () => { const box = document.querySelector("[data-search]"); box?.focus(); box?.select(); },
    "?": () => (sheet.open ? sheet.close() : sheet.showModal()),
    j: () => move(1),
    k: () => move(-1),
    x: () => current()?.querySelector("input[data-select]")?.click(),
    Enter: () => (current()?.querySelector("td.yg-key a[href]") ?? current()?.querySelector("a[href]"))?.click(),
  };

  let going = 0;
  function go(letter) {
    const link = document.querySelector(`[data-go="${CSS.escape(letter)}"]`);
    link?.click();
    return Boolean(link);
  }
  function press(letter) {
    const target = document.querySelector(`[data-key="${CSS.escape(letter)}"]`);
    target?.click();
    return Boolean(target);
  }

  document.addEventListener("keydown", (event) => {
    if (typing(event) || (off() && event.key !== "?")) return;
    if (sheet.open && event.key !== "?") return;
    if (event.key === "Enter" && event.target !== document.body && !current()?.contains(event.target)) return;
    if (event.key === "Enter" && event.target.closest("a, button, summary, label")) return;
    if (Date.now() - going < 1500) {
      going = 0;
      if (go(event.key)) event.preventDefault();
      return;
    }
    if (event.key === "g") {
      going = Date.now();
      return;
    }
    const act = acts[event.key];
    if (act) {
      event.preventDefault();
      act();
    } else if (event.key.length === 1 && press(event.key)) event.preventDefault();
  });

  // The sheet lists what this page adds, in the words of the page.
  const list = sheet.querySelector("[data-keys-list]");
  const line = (keys, words) => {
    const dt = document.createElement("dt");
    for (const key of keys) {
      const kbd = document.createElement("kbd");
      kbd.textContent = key;
      dt.append(kbd, " ");
    }
    const dd = document.createElement("dd");
    dd.textContent = words;
    list.append(dt, dd);
  };
  const ownText = (node) => [...node.childNodes].filter((child) => child.nodeType === 3).map((child) => child.textContent.trim()).join("");
  for (const link of all("[data-go]")) line(["g", link.dataset.go], ownText(link));
  for (const target of all("[data-key][data-key-words]")) line([target.dataset.key], target.dataset.keyWords);

  const toggle = sheet.querySelector("[data-keys-switch]");
  toggle.checked = !off();
  toggle.addEventListener("change", () => localStorage.setItem(STORE, toggle.checked ? "0" : "1"));
})();
