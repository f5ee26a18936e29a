// A scanner types like a keyboard and ends with Enter: Enter adds or moves on, it never submits.
import { unitsEnding } from "../scanning/endings.js";
import { offer, say as hint } from "../scanning/offers.js";
import { addRow, fieldsOf, rowsOf, told } from "./rows.js";

const current = new WeakMap();

export function showScanBars(form) {
  for (const bar of form.querySelectorAll("[data-scan-bar]")) bar.hidden = false;
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
  const target = event.target;
  if (target.matches?.("[data-scan-into]")) {
    event.preventDefault();
    typed(target);
  } else if (target.matches?.("[data-houtai-form] input[data-scan]")) {
    event.preventDefault();
    onward(target);
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches?.("textarea[data-unit]")) completeLines(event.target);
  else if (event.target.matches?.("input[data-unit]")) completed(event.target, event.target.value.trim(), (code) => put(event.target, code));
});

// A code that was photographed, seen by the camera or chosen, as if it had been scanned.
export function entered(field, code) {
  if (field.matches("[data-scan-into]")) return scanned(field, code);
  if (field.matches("[data-scan-lines]")) return put(field, [...lines(field).filter((line) => line !== code), code].join("\n"));
  put(field, code);
  if (field.matches("[data-scan-page]")) return field.form.requestSubmit();
  onward(field);
}

async function typed(input) {
  const code = input.value.trim();
  input.value = "";
  if (!takesUnits(input.closest("[data-list]"))) return scanned(input, code);
  await completed(input, code, (whole) => scanned(input, whole));
}

function scanned(input, code) {
  const list = input.closest("[data-list]");
  if (code) say(input, list, list.hasAttribute("data-free") ? intoFreeList(list, code) : intoFixedList(list, code), code);
  input.focus();
}

// One unit ends like that: it is meant. Several do: the person chooses. None does: it stands as typed.
async function completed(field, code, take) {
  const found = await unitsEnding(code);
  if (found.length > 1) return offer(field, found);
  hint(field, "");
  take(found[0] ?? code);
}

async function completeLines(field) {
  for (const line of lines(field)) {
    const found = await unitsEnding(line);
    if (found.length === 1 && found[0] !== line) swap(field, line, [found[0]]);
    if (found.length < 2) continue;
    swap(field, line, []);
    return offer(field, found);
  }
}

function swap(field, line, others) {
  put(field, lines(field).flatMap((one) => (one === line ? others : [one])).join("\n"));
}

function takesUnits(list) {
  const blank = list.querySelector("template[data-blank]")?.content;
  return Boolean(list.querySelector("[data-unit]") ?? blank?.querySelector("[data-unit]"));
}

function intoFreeList(list, code) {
  const column = list.dataset.scanColumn;
  const fields = rowsOf(list).map((row) => fieldOf(row, column)).filter(Boolean);
  if (fields.some((field) => field.value.trim() === code)) return "twice";
  const field = fields.find((one) => !one.value.trim()) ?? fieldOf(addRow(list), column);
  if (!field) return "full";
  put(field, code);
  return "taken";
}

// The code of the goods chooses the row; further codes are units of that row.
function intoFixedList(list, code) {
  const named = rowsOf(list).find((row) => namesIt(row, code));
  if (named) return choose(list, named);
  if (unitsOf(list).some((field) => lines(field).includes(code))) return "twice";
  const row = current.get(list) ?? only(rowsOf(list).filter((one) => unitField(one, list)));
  const field = row && unitField(row, list);
  if (!field) return "nowhere";
  put(field, [...lines(field), code].join("\n"));
  return "taken";
}

function choose(list, row) {
  rowsOf(list).forEach((one) => one.classList.remove("is-current"));
  row.classList.add("is-current");
  row.scrollIntoView({ block: "nearest" });
  current.set(list, row);
  return "taken";
}

function namesIt(row, code) {
  const facts = row.querySelectorAll("legend, .form-card-facts > span, td");
  return [...facts].some((fact) => fact.lastChild?.textContent.trim() === code || fact.textContent.trim() === code);
}

function unitsOf(list) {
  return rowsOf(list).map((row) => unitField(row, list)).filter(Boolean);
}

function unitField(row, list) {
  const field = fieldOf(row, list.dataset.scanColumn);
  return field && !field.closest("[data-hide][hidden]") ? field : null;
}

function fieldOf(row, column) {
  return row ? fieldsOf(row).find((field) => field.name.endsWith(`.${column}`)) : null;
}

function lines(field) {
  return field.value.split("\n").map((line) => line.trim()).filter(Boolean);
}

function only(found) {
  return found.length === 1 ? found[0] : null;
}

function put(field, text) {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  const list = field.closest("[data-list]");
  if (list) told(list);
}

function say(input, list, outcome, code) {
  const state = input.closest("[data-scan-bar]").querySelector("[data-scan-state]");
  state.textContent = (state.dataset[outcome] ?? "").replace("{code}", code);
  state.classList.toggle("is-bad", outcome !== "taken");
}

// From a scanned field on to the same field of the next row, or to the next field of the form.
function onward(field) {
  if (!field.value.trim()) return;
  const row = field.closest("[data-row-of-list]");
  const next = row ? below(row, field) : after(field);
  next?.focus();
}

function below(row, field) {
  const list = row.closest("[data-list]");
  const column = field.name.split(".").at(-1);
  const rows = rowsOf(list);
  return fieldOf(rows[rows.indexOf(row) + 1] ?? addRow(list), column) ?? after(field);
}

function after(field) {
  const fields = fieldsOf(field.closest("[data-houtai-form]")).filter((one) => !one.closest("[hidden]"));
  return fields[fields.indexOf(field) + 1];
}
