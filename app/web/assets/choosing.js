// How many rows are ticked, beside what can be done to them.
document.addEventListener("change", (event) => {
  const place = document.querySelector("[data-chosen]");
  if (!place || !event.target.matches("[name=task]")) return;
  const chosen = document.querySelectorAll("[name=task]:checked").length;
  place.textContent = place.dataset.chosen.replace("%", chosen);
});
