// Cells copied from a spreadsheet fill the table from the field they are pasted into, down and to the right.
import { addRow, fieldsOf, rowsOf, told } from "./rows.js";

document.addEventListener("paste", (event) => {
  const field = event.target;
  const row = field.closest?.("[data-row-of-list]");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!row || field.tagName === "TEXTAREA" || !/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  fill(row, field, cellsOf(text));
});

function cellsOf(text) {
  return text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").map((line) => line.split("\t").map((cell) => cell.trim()));
}

function fill(first, field, lines) {
  const list = first.closest("[data-list]");
  const column = fieldsOf(first).indexOf(field);
  const start = rowsOf(list).indexOf(first);
  lines.forEach((cells, at) => {
    const row = rowsOf(list)[start + at] ?? addRow(list);
    if (row) cells.forEach((cell, right) => put(fieldsOf(row)[column + right], cell));
  });
  told(list);
}

function put(field, text) {
  if (!field) return;
  if (field.type === "checkbox") field.checked = /^(true|1|yes|x)$/i.test(text);
  else if (field.tagName === "SELECT") field.value = matching(field, text);
  else field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function matching(select, text) {
  const wanted = text.toLowerCase();
  return [...select.options].find((option) => [option.value, option.text].some((one) => one.toLowerCase() === wanted))?.value ?? "";
}
