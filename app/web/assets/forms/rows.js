// Rows of a list: added from the blank one, taken away, counted.
let added = 0;

export function showRowButtons(within) {
  for (const button of within.querySelectorAll("[data-add-row], [data-remove-row]")) button.hidden = false;
}

// Without scripts a blank card waits at the end; with them the button makes one when it is wanted.
export function dropSpareRows(within) {
  for (const row of within.querySelectorAll("[data-spare]")) if (!row.querySelector("[aria-invalid]")) row.remove();
}

export function rowsOf(list) {
  return [...list.querySelectorAll("[data-row-of-list]")].filter((row) => row.closest("[data-list]") === list);
}

export function addRow(list) {
  const blank = [...list.querySelectorAll("template[data-blank]")].find((one) => one.closest("[data-list]") === list);
  if (!blank || rowsOf(list).length >= Number(list.dataset.most)) return null;
  const index = nextIndex(list);
  const row = numbered(blank.content.firstElementChild.cloneNode(true), list.dataset.mark, index);
  row.removeAttribute("data-spare");
  list.querySelector("[data-rows]").append(row);
  showRowButtons(row);
  told(list);
  return row;
}

export function fieldsOf(row) {
  return [...row.querySelectorAll("input:not([type=hidden]):not([type=file]), select, textarea")].filter((field) => field.name);
}

export function told(list) {
  list.dispatchEvent(new CustomEvent("houtai:rows-changed", { bubbles: true }));
}

function nextIndex(list) {
  const start = `${list.dataset.list}.`;
  const used = [...list.querySelectorAll("[name]")].map((field) => field.name)
    .filter((name) => name.startsWith(start)).map((name) => parseInt(name.slice(start.length), 10)).filter((at) => !Number.isNaN(at));
  added = Math.max(added, ...used, -1) + 1;
  return added;
}

// The blank row is named with a mark where its number goes; lists inside it keep theirs.
function numbered(row, mark, index) {
  for (const element of [row, ...row.querySelectorAll("*")]) rename(element, mark, index);
  for (const inner of row.querySelectorAll("template")) inner.content.querySelectorAll("*").forEach((element) => rename(element, mark, index));
  return row;
}

function rename(element, mark, index) {
  for (const attribute of element.attributes) {
    if (attribute.value.includes(mark)) attribute.value = attribute.value.replaceAll(mark, index);
  }
}

document.addEventListener("click", (event) => {
  const adder = event.target.closest("[data-add-row]");
  if (adder) {
    const row = addRow(adder.closest("[data-list]"));
    if (row) fieldsOf(row)[0]?.focus();
  }
  const remover = event.target.closest("[data-remove-row]");
  if (remover) remove(remover.closest("[data-row-of-list]"));
});

function remove(row) {
  const list = row.closest("[data-list]");
  const neighbour = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  (fieldsOf(neighbour ?? list)[0] ?? list).focus();
  told(list);
}
