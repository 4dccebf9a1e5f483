// Confirm page: a field shows the characters it was read from; a click on the characters leads to the field.
// Bounds are code points on both sides (data-spans="12-20,44-51" and data-s/data-e), so nothing is counted here.
(() => {
  "use strict";
  const source = document.querySelector("[data-source]");
  if (!source) return;
  const pieces = [...source.querySelectorAll("span[data-s]")].map((node) => ({
    node, start: Number(node.dataset.s), end: Number(node.dataset.e),
  }));
  const spansOf = (field) =>
    (field.dataset.spans ?? "").split(",").filter(Boolean).map((span) => span.split("-").map(Number));
  const fields = () => [...document.querySelectorAll("[data-spans]")];
  const inside = (piece, [start, end]) => piece.start < end && piece.end > start;
  const piecesOf = (field) => {
    const spans = spansOf(field);
    return pieces.filter((piece) => spans.some((span) => inside(piece, span)));
  };

  let held = null;
  function light(field, scroll) {
    for (const piece of pieces) piece.node.classList.remove("yg-lit");
    if (!field) return;
    const lit = piecesOf(field);
    for (const piece of lit) piece.node.classList.add("yg-lit");
    if (scroll && lit.length) lit[0].node.scrollIntoView({ block: "nearest" });
  }
  const closest = (event) => event.target.closest?.("[data-spans]");
  document.addEventListener("focusin", (event) => {
    const field = closest(event);
    if (!field) return;
    held = field;
    light(field, true);
  });
  document.addEventListener("mouseover", (event) => { const field = closest(event); if (field) light(field, false); });
  document.addEventListener("mouseout", (event) => { if (closest(event)) light(held, false); });

  // The field that says most exactly what this piece is: the one with the fewest characters among those that cover it.
  function fieldAt(piece) {
    const size = (field) => spansOf(field).reduce((sum, [start, end]) => sum + end - start, 0);
    return fields().filter((field) => spansOf(field).some((span) => inside(piece, span))).sort((a, b) => size(a) - size(b))[0];
  }
  const enter = (field) => {
    const target = field?.matches("input, select, textarea, button, a[href], [tabindex]") ? field : field?.querySelector("input, select, textarea");
    target?.closest("details")?.setAttribute("open", "");
    target?.focus();
    target?.scrollIntoView({ block: "nearest" });
  };
  source.addEventListener("click", (event) => {
    const node = event.target.closest("span[data-s]");
    if (node) enter(fieldAt(pieces.find((piece) => piece.node === node)));
  });

  // Keyboard: Alt+S to the source and back, j k from piece to piece, Enter to the field.
  let at = -1;
  function stand(index) {
    if (!pieces.length) return;
    pieces[at]?.node.classList.remove("yg-here");
    at = Math.min(pieces.length - 1, Math.max(0, index));
    pieces[at].node.classList.add("yg-here");
    pieces[at].node.scrollIntoView({ block: "nearest" });
    light(fieldAt(pieces[at]), false);
  }
  source.addEventListener("blur", () => pieces[at]?.node.classList.remove("yg-here"));
  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const jump = event.altKey && event.code === "KeyS";
    if (document.activeElement === source) {
      if (event.key === "j") stand(at + 1);
      else if (event.key === "k") stand(at - 1);
      else if ((event.key === "Enter" || jump) && at >= 0) enter(fieldAt(pieces[at]));
      else return;
      event.preventDefault();
    } else if (jump) {
      const field = closest(event) ?? held;
      const first = field ? piecesOf(field)[0] : pieces[0];
      source.focus();
      stand(first ? pieces.indexOf(first) : 0);
      event.preventDefault();
    }
  });
})();
