// Typing claims the task and keeps the draft; nothing is lost to a reload, an error or a sign-out.
const DELAY_MS = 700;
const timers = new WeakMap();

document.addEventListener("input", changed);
document.addEventListener("change", changed);
document.addEventListener("houtai:rows-changed", changed);
document.addEventListener("submit", beforeLeaving, true);
window.addEventListener("pagehide", flushAll);
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") flushAll(); });

function changed(event) {
  const form = event.target.closest?.("form[data-draft]");
  if (!form || event.target.type === "file") return;
  claimOnce(form);
  form.dataset.dirty = "yes";
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => keep(form), DELAY_MS));
}

async function claimOnce(form) {
  if (!form.dataset.claim) return;
  const address = form.dataset.claim;
  delete form.dataset.claim;
  const answer = await post(address, new FormData(), {});
  say(form, answer);
}

async function keep(form, options = {}) {
  if (!form.dataset.dirty) return;
  delete form.dataset.dirty;
  const state = document.querySelector("[data-draft-state]");
  const answer = await post(form.dataset.draft, answers(form), options);
  if (!answer) form.dataset.dirty = "yes";
  if (state) state.textContent = answer?.sentence ?? state.dataset.offline ?? "";
  if (answer?.refused) say(form, answer);
}

function answers(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  return data;
}

async function post(address, body, options) {
  body.set("csrf_token", document.querySelector('meta[name="csrf-token"]').content);
  try {
    const response = await fetch(address, {
      method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" }, ...options,
    });
    return await response.json();
  } catch {
    return null;
  }
}

function say(form, answer) {
  const holder = document.querySelector("[data-holder]");
  if (holder && answer?.holder) {
    holder.textContent = answer.holder;
    document.querySelectorAll("[data-key=claim]").forEach((button) => giveBack(button, answer.undo));
  }
  const note = form.querySelector("[data-refusal]");
  if (!note) return;
  note.hidden = !answer?.refused;
  note.querySelector("p").textContent = answer?.refused ? answer.sentence : "";
}

// What claimed it by hand gives it back from now on.
function giveBack(button, undo) {
  button.form.action = undo.address;
  button.textContent = undo.words;
  delete button.dataset.key;
}

function flushAll() {
  document.querySelectorAll("form[data-draft]").forEach((form) => keep(form, { keepalive: true }));
}

function beforeLeaving(event) {
  const form = event.target;
  if (form.matches("form[data-draft]")) {
    delete form.dataset.dirty;
    clearTimeout(timers.get(form));
    return;
  }
  const pending = [...document.querySelectorAll("form[data-draft]")].filter((one) => one.dataset.dirty);
  if (!pending.length || form.method !== "post" || form.dataset.leaving) return;
  event.preventDefault();
  form.dataset.leaving = "yes";
  const submitter = event.submitter;
  Promise.all(pending.map((one) => keep(one))).finally(() => form.requestSubmit(submitter));
}
