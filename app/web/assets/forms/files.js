// Files are kept the moment they are chosen; the draft then holds their numbers.
document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.matches?.("input[type=file][data-upload]") && input.files.length) upload(input);
});

async function upload(input) {
  const state = input.parentElement.querySelector("[data-upload-state]");
  const body = new FormData();
  for (const file of input.files) body.append(input.name, file);
  body.set("csrf_token", document.querySelector('meta[name="csrf-token"]')?.content ?? "");
  input.disabled = true;
  const kept = await sent(input.dataset.upload, body);
  input.disabled = false;
  if (!Array.isArray(kept)) return say(state, kept?.sentence ?? kept?.message ?? input.dataset.failed, true);
  if (!input.multiple) input.parentElement.querySelector("[data-files]").replaceChildren();
  for (const file of kept) show(input, file);
  input.value = "";
  say(state, kept.map((file) => file.name).join(", "), false);
  input.dispatchEvent(new CustomEvent("houtai:rows-changed", { bubbles: true }));
}

async function sent(address, body) {
  try {
    const response = await fetch(address, { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" } });
    return await response.json();
  } catch {
    return null;
  }
}

function show(input, file) {
  const id = `${input.id}-${file.id}`;
  if (document.getElementById(id)) return;
  const box = document.createElement("div");
  box.className = "form-check";
  const tick = Object.assign(document.createElement("input"), { type: "checkbox", className: "form-check-input", id, name: input.name, value: file.id, checked: true });
  const label = Object.assign(document.createElement("label"), { className: "form-check-label", htmlFor: id, textContent: file.name });
  box.append(tick, " ", label);
  input.parentElement.querySelector("[data-files]").append(box);
}

function say(state, text, bad) {
  if (!state) return;
  state.textContent = text;
  state.classList.toggle("is-bad", bad);
}
