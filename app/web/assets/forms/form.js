// Forms beyond plain HTML: what hides, rows, scanners, pasted cells, files, look-ups. All of it works without, only slower.
import { applyConditions } from "./conditions.js";
import "./files.js";
import "./lookup.js";
import "./paste.js";
import { showRowButtons } from "./rows.js";
import { showScanBars } from "./scan.js";

function prepare() {
  for (const form of document.querySelectorAll("[data-houtai-form]")) {
    showRowButtons(form);
    showScanBars(form);
    applyConditions(form);
  }
  document.querySelector("[data-houtai-form] [autofocus]")?.focus();
}

for (const moment of ["input", "change", "houtai:rows-changed"]) {
  document.addEventListener(moment, (event) => {
    const form = event.target.closest?.("[data-houtai-form]");
    if (form) applyConditions(form);
  });
}
document.addEventListener("htmx:after:swap", prepare);
document.addEventListener("DOMContentLoaded", prepare);
if (document.readyState !== "loading") prepare();
