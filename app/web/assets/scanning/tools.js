// Beside every field that takes a code: a photograph read by the server, and a live camera where the browser reads codes itself.
import { entered } from "../forms/scan.js";
import { hasCamera, watch } from "./camera.js";
import { offer, say } from "./offers.js";

const FIELDS = "input[data-scan], textarea[data-scan-lines], input[data-scan-into], input[data-scan-page]";

export function equip() {
  const tools = document.querySelector("template#scan-tools");
  if (!tools) return;
  for (const field of document.querySelectorAll(FIELDS)) {
    if (field.dataset.equipped || servedByBar(field)) continue;
    field.dataset.equipped = "true";
    (field.closest(".input-group") ?? field).after(tools.content.cloneNode(true));
  }
  hasCamera().then((yes) => yes && document.querySelectorAll("[data-camera]").forEach((button) => { button.hidden = false; }));
  document.querySelectorAll("[data-plain-photograph]").forEach((form) => { form.hidden = true; });
}

// The bar above a list takes the codes of all its rows.
function servedByBar(field) {
  return !field.matches("[data-scan-into]") && Boolean(field.closest("[data-list]")?.hasAttribute("data-scan-column"));
}

document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-photograph]") && event.target.files.length) photographed(event.target);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-camera]");
  if (button) watch((code) => entered(fieldOf(button), code));
});

async function photographed(input) {
  const field = fieldOf(input);
  say(field, input.dataset.reading);
  const answer = await read(input);
  input.value = "";
  if (!answer?.codes) return say(field, answer?.sentence ?? input.dataset.failed, true);
  if (answer.codes.length > 1) return offer(field, answer.codes);
  say(field, "");
  entered(field, answer.codes[0]);
}

async function read(input) {
  const body = new FormData();
  body.set("photograph", input.files[0]);
  body.set("csrf_token", document.querySelector('meta[name="csrf-token"]')?.content ?? "");
  try {
    const response = await fetch(input.dataset.photograph, { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" } });
    return await response.json();
  } catch {
    return null;
  }
}

function fieldOf(element) {
  const before = element.closest("[data-scan-tools]").previousElementSibling;
  return before.matches(FIELDS) ? before : before.querySelector(FIELDS);
}

for (const moment of ["DOMContentLoaded", "htmx:after:swap", "houtai:rows-changed"]) document.addEventListener(moment, equip);
if (document.readyState !== "loading") equip();
