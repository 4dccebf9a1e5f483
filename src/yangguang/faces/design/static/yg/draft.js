// Nothing typed is lost: forms with data-draft keep their text in this browser tab until the server has accepted it.
// A re-shown form with errors (data-bound) already carries the text; a page without the form means it was accepted.
(() => {
  "use strict";
  const PREFIX = "yg-draft:";
  const SENT = "yg-draft-sent";
  const forms = [...document.querySelectorAll("form[data-draft]")];
  const keep = (field) =>
    field.name && !field.disabled && field.name !== "csrfmiddlewaretoken" && !["password", "file", "hidden", "submit", "button"].includes(field.type);
  const fields = (form) => [...form.elements].filter(keep);
  const ticked = (field) => field.type === "checkbox" || field.type === "radio";

  const sent = sessionStorage.getItem(SENT);
  const accepted = !forms.some((form) => form.dataset.draft === sent) || document.querySelector("[data-toast=success]");
  if (sent && accepted) sessionStorage.removeItem(PREFIX + sent);
  sessionStorage.removeItem(SENT);

  function save(form) {
    const values = fields(form).map((field) => [field.name, ticked(field) ? [field.value, field.checked] : field.value]);
    sessionStorage.setItem(PREFIX + form.dataset.draft, JSON.stringify(values));
  }

  function restore(form, values) {
    let changed = 0;
    const waiting = new Map();
    for (const [name, value] of values) waiting.set(name, [...(waiting.get(name) ?? []), value]);
    for (const field of fields(form)) {
      const value = waiting.get(field.name)?.shift();
      if (value === undefined) continue;
      if (ticked(field)) {
        if (field.value !== value[0] || field.checked === value[1]) continue;
        field.checked = value[1];
      } else if (field.value !== value) field.value = value;
      else continue;
      changed += 1;
    }
    return changed;
  }

  for (const form of forms) {
    const key = PREFIX + form.dataset.draft;
    const stored = sessionStorage.getItem(key);
    const bound = "bound" in form.dataset || form.querySelector("[data-errors]");
    const notice = form.querySelector("[data-draft-notice]");
    if (stored && !bound && restore(form, JSON.parse(stored)) && notice) {
      notice.hidden = false;
      notice.querySelector("button")?.addEventListener("click", () => {
        sessionStorage.removeItem(key);
        form.reset();
        notice.hidden = true;
      });
    }
    form.addEventListener("input", () => save(form));
    form.addEventListener("change", () => save(form));
    form.addEventListener("submit", () => sessionStorage.setItem(SENT, form.dataset.draft));
  }
})();
