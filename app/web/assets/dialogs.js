// Small manners: menus close when left, dialogs open and close by their buttons.
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.who[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  const opener = event.target.closest("[data-opens]");
  if (opener) document.querySelector(opener.dataset.opens)?.showModal();
  event.target.closest("[data-dismiss]")?.closest(".note").remove();
  if (event.target.closest("[data-print]")) window.print();
  if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.querySelectorAll("details.who[open]").forEach((menu) => { menu.open = false; });
});
