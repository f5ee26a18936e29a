// The tab or view that is open stands in sight, however narrow the page is.
for (const open of document.querySelectorAll(".tabs [aria-current], .views [aria-current]")) {
  const bar = open.closest(".tabs, .views");
  const left = open.getBoundingClientRect().left - bar.getBoundingClientRect().left;
  bar.scrollLeft += left - (bar.clientWidth - open.offsetWidth) / 2;
}
