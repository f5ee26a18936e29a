// A day's work from the keyboard: j and k walk, Enter opens, c claims, x ticks, n takes the next, z undoes, / searches, ? lists.
const KEYS = {
  "/": () => focus(document.querySelector(".find input") ?? document.querySelector("[data-search]")),
  "?": () => document.querySelector("#keys")?.showModal(),
  j: () => walk(1),
  k: () => walk(-1),
  c: () => press("[data-key=claim]"),
  n: () => press("[data-key=next]"),
  i: () => press("[data-key=inbox]"),
  x: () => document.activeElement?.closest("li")?.querySelector("input[name=task]")?.click(),
  C: () => press("[data-key=several]"),
  z: () => press("[data-key=undo]"),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && typing(event.target)) event.target.blur();
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") return complete(event);
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  const act = KEYS[event.key];
  if (act) { event.preventDefault(); act(); }
});

function typing(target) {
  return target.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
}

function focus(field) {
  if (!field) return;
  if (!field.offsetParent) window.location.assign("/search");
  field.focus();
  field.select();
}

function press(selector) {
  document.querySelector(selector)?.click();
}

function walk(by) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return;
  const at = rows.indexOf(document.activeElement);
  const from = at >= 0 ? at : rows.findIndex((row) => row.hasAttribute("aria-current"));
  const next = from < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, from + by));
  rows[next].focus();
}

// The buttons stand in the bar that stays, outside the form; with several, the person chooses.
function complete(event) {
  event.preventDefault();
  const buttons = document.querySelectorAll("[data-complete]");
  if (buttons.length === 1) buttons[0].click();
}
