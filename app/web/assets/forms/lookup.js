// Type-ahead: what the server finds is offered in the field's own list.
const DELAY_MS = 200;
const waiting = new WeakMap();

document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.matches?.("input[data-lookup]")) return;
  clearTimeout(waiting.get(field));
  waiting.set(field, setTimeout(() => offer(field), DELAY_MS));
});

async function offer(field) {
  const asked = field.value.trim();
  if (!asked) return;
  const found = await answer(`${field.dataset.lookup}?q=${encodeURIComponent(asked)}`);
  if (!found || field.value.trim() !== asked) return;
  const options = found.map(({ value, label }) => Object.assign(document.createElement("option"), { value, label }));
  document.getElementById(field.getAttribute("list"))?.replaceChildren(...options);
}

async function answer(address) {
  try {
    const response = await fetch(address, { credentials: "same-origin", headers: { Accept: "application/json" } });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
