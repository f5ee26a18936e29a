// Shows and hides by the same conditions the server checks; the server's word is the last.
export function applyConditions(form) {
  for (const cell of form.querySelectorAll("[data-hide]")) {
    const hidden = value(form, JSON.parse(cell.dataset.hide)) === true;
    cell.hidden = hidden;
  }
}

// The outcome is the button that is pressed, until then the first: what only this one asks for is shown
// first, and nothing is sent.
export function choose(form, outcome) {
  const before = [...form.querySelectorAll("[data-hide][hidden]")];
  form.dataset.chosen = outcome;
  applyConditions(form);
  emphasise(form, outcome);
  return before.find((cell) => !cell.hidden && cell.querySelector(".form-star") && isEmpty(cell));
}

// The button that was pressed is the one to press again, once its question is answered.
function emphasise(form, outcome) {
  for (const button of (form.closest("form") ?? form).elements ?? []) {
    if (!button.matches("button[data-complete][name]")) continue;
    button.classList.toggle("btn-accent", button.value === outcome);
    button.classList.toggle("btn-plain", button.value !== outcome);
  }
}

function isEmpty(cell) {
  return [...cell.querySelectorAll("input, select, textarea")].every((field) => (/^(radio|checkbox)$/.test(field.type) ? !field.checked : !field.value.trim()));
}

function value(form, [sign, ...inner]) {
  if (sign === "value") return inner[0];
  if (sign === "field") return answer(form, inner[0]);
  if (sign === "and") return inner.every((part) => value(form, part) === true);
  if (sign === "or") return inner.some((part) => value(form, part) === true);
  if (sign === "not") return value(form, inner[0]) !== true;
  return compared(sign, ...aligned(value(form, inner[0]), value(form, inner[1])));
}

function answer(form, name) {
  const owner = form.closest("form") ?? form;
  const fields = [...owner.elements].filter((field) => field.name === name);
  const field = fields[0];
  if (field?.type === "submit") return form.dataset.chosen || field.value;
  if (!field || field.closest("[data-hide][hidden]")) return null;
  if (field.type === "radio") return fields.find((one) => one.checked)?.value ?? null;
  if (field.type === "checkbox" && fields.length === 1 && field.value === "true") return field.checked;
  if (field.type === "checkbox") return fields.some((one) => one.checked) || null;
  return plain(field.value);
}

// Full-width digits are digits, as on the server; empty is nothing.
function plain(text) {
  const narrow = text.trim().replace(/[０-９．－]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));
  return narrow === "" ? null : /^[+-]?\d+(\.\d*)?$/.test(narrow) ? narrow.replace(/^\+/, "") : text.trim();
}

function aligned(left, right) {
  const numbers = [number(left), number(right)];
  return numbers.includes(null) ? [left === "" ? null : left, right === "" ? null : right] : numbers;
}

function number(thing) {
  if (typeof thing === "number") return thing;
  return typeof thing === "string" && /^-?\d+(\.\d*)?$/.test(thing) ? Number(thing) : null;
}

function compared(sign, left, right) {
  if (sign === "=") return left === right;
  if (sign === "!=") return left !== right;
  if (left === null || right === null || typeof left !== typeof right || typeof left === "boolean") return false;
  return { "<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right }[sign];
}
