// Forms beyond plain HTML: what hides, rows, scanners, pasted cells, files, look-ups. All of it works without, only slower.
import { applyConditions, choose } from "./conditions.js";
import "./files.js";
import "./lookup.js";
import "./paste.js";
import { dropSpareRows, showRowButtons } from "./rows.js";
import { showScanBars } from "./scan.js";

const begun = new WeakSet();

function prepare() {
  for (const form of document.querySelectorAll("[data-houtai-form]")) {
    dropSpareRows(form);
    showRowButtons(form);
    showScanBars(form);
    applyConditions(form);
  }
  focusFirst();
}

// The first error, else the scanner's field, else what the server chose: once for each form, since news are swapped in
// beside it while someone types, and never away from where someone works.
function focusFirst() {
  const form = document.querySelector("[data-houtai-form]");
  if (!form || begun.has(form)) return;
  begun.add(form);
  const at = document.activeElement;
  if (at && at !== document.body && !at.matches("[data-houtai-form] [autofocus]")) return;
  const first = form.querySelector("[autofocus][aria-invalid]") ?? form.querySelector("[data-scan-into]") ?? form.querySelector("[autofocus]");
  first?.focus();
}

for (const moment of ["input", "change", "houtai:rows-changed"]) {
  document.addEventListener(moment, (event) => {
    const form = event.target.closest?.("[data-houtai-form]");
    if (form) applyConditions(form);
  });
}
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[data-complete][name]");
  const form = button?.form?.querySelector("[data-houtai-form]");
  const asked = form && choose(form, button.value);
  if (!asked) return;
  event.preventDefault();
  asked.querySelector("input, select, textarea").focus();
});
document.addEventListener("htmx:after:swap", prepare);
document.addEventListener("DOMContentLoaded", prepare);
if (document.readyState !== "loading") prepare();
