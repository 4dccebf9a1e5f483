// Small conveniences of every page. Without this file each page still works: toasts stay, menus are <details>.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // An error summary takes the focus, and the window title says that something is wrong.
  const summary = document.querySelector("[data-errors]");
  if (summary) {
    summary.focus();
    document.title = `(!) ${document.title}`;
  }

  // Toasts can be closed; messages that are not errors leave by themselves unless one is looking at them.
  for (const toast of all(".yg-toast")) {
    const button = toast.querySelector("[data-close]");
    button.hidden = false;
    button.addEventListener("click", () => toast.remove());
    if (toast.dataset.toast === "error") continue;
    const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, 4000) : toast.remove());
    setTimeout(leave, 12000);
  }

  // Fold-out menus close on Escape and on a click elsewhere.
  document.addEventListener("click", (event) => {
    for (const menu of all("details.yg-menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of all("details.yg-menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  for (const opener of all("[data-dialog]")) {
    opener.addEventListener("click", (event) => {
      const dialog = document.getElementById(opener.dataset.dialog);
      if (!dialog) return;
      event.preventDefault();
      dialog.showModal();
    });
  }
  for (const control of all("[data-print]")) control.addEventListener("click", () => window.print());
  for (const form of all("form[data-autosubmit]")) form.addEventListener("change", () => form.requestSubmit());

  // Folds are open on paper.
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = all("details.yg-fold:not([open])");
    for (const fold of folded) fold.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const fold of folded) fold.open = false;
  });

  // Selection: tick all, count, offer the bulk buttons only when there is something to act on.
  const boxes = () => all("input[data-select]");
  const count = () => {
    const chosen = boxes().filter((box) => box.checked).length;
    for (const bar of all("[data-bulk]")) {
      const words = bar.querySelector("[data-selected-words]");
      words.dataset.idle ??= words.textContent;
      words.textContent = chosen ? words.dataset.selectedWords.replace("{n}", chosen) : words.dataset.idle;
      for (const button of all("button", bar)) button.disabled = chosen === 0;
    }
    for (const master of all("input[data-select-all]")) {
      master.checked = chosen > 0 && chosen === boxes().length;
      master.indeterminate = chosen > 0 && chosen < boxes().length;
    }
  };
  let last = null;
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("input[data-select]");
    if (!box) return;
    if (event.shiftKey && last) {
      const list = boxes();
      const [from, to] = [list.indexOf(last), list.indexOf(box)].sort((a, b) => a - b);
      for (const between of list.slice(from, to + 1)) between.checked = box.checked;
    }
    last = box;
    count();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("input[data-select-all]")) {
      for (const box of boxes()) box.checked = event.target.checked;
    }
    if (event.target.matches?.("input[data-select-all], input[data-select]")) count();
  });
  count();

  // Clocks: re-count hours and minutes once a minute, from the server's time (which a demonstration may have moved).
  const served = Date.parse(document.body.dataset.now ?? "");
  const ahead = Number.isNaN(served) ? 0 : served - Date.now();
  const recount = () => {
    for (const clock of all("[data-due]")) {
      const minutes = Math.floor((Date.parse(clock.dataset.due) - Date.now() - ahead) / 60000);
      if (minutes < 0) continue;
      clock.textContent = clock.dataset.left.replace("{h}", Math.floor(minutes / 60)).replace("{m}", minutes % 60);
    }
  };
  recount();
  setInterval(recount, 60000);
})();
