// After a refusal the cursor stands where something is to be changed, and the field is said to be wrong: in every form whose
// answer is one sentence. Forms of tasks know it by themselves, field by field.
const FIELDS = "input:not([type=hidden]):not([disabled]), select:not([disabled]), textarea:not([disabled])";

function lead() {
  const said = document.querySelector("main .note.bad[role=alert]:not([hidden])");
  if (!said || document.querySelector("[data-houtai-form]")) return;
  const form = said.closest("form") ?? said.closest("section, .page, main")?.querySelector("form[method=post]:not(.languages)");
  const wrong = named(document.body.dataset.wrong, said.closest("form") ?? document.querySelector("main") ?? document);
  if (wrong) tell(wrong, said);
  (wrong ?? form?.querySelector(FIELDS))?.focus();
}

function named(name, within) {
  return name ? [...within.querySelectorAll(FIELDS)].find((field) => field.name === name) : undefined;
}

function tell(field, said) {
  said.id ||= "refused";
  field.classList.add("is-invalid");
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", [field.getAttribute("aria-describedby"), said.id].filter(Boolean).join(" "));
}

lead();
