// What is said under a field that takes a code, and the codes to choose from when there are several.
import { entered } from "../forms/scan.js";

export function say(field, text, bad = false) {
  const tools = toolsOf(field);
  if (!tools) return;
  tools.querySelector("[data-scan-offers]").replaceChildren();
  const said = tools.querySelector("[data-scan-said]");
  said.textContent = text;
  said.classList.toggle("is-bad", bad);
}

export function offer(field, codes) {
  const tools = toolsOf(field);
  if (!tools) return;
  say(field, tools.dataset.which);
  const buttons = codes.map((code) => Object.assign(document.createElement("button"), { type: "button", className: "btn btn-plain code", textContent: code }));
  buttons.forEach((button) => button.addEventListener("click", () => { say(field, ""); entered(field, button.textContent); }));
  tools.querySelector("[data-scan-offers]").replaceChildren(...buttons);
  buttons[0].focus();
}

function toolsOf(field) {
  const next = (field.closest(".input-group") ?? field).nextElementSibling;
  return next?.matches("[data-scan-tools]") ? next : null;
}
