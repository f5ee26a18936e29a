// A page in sight listens; one behind others or on a sleeping phone does not, and asks once when it is seen again.
// What a page itself waits for comes first; every page listens for notices.
const place = document.querySelector("main [data-live]") ?? document.querySelector("[data-live]");
let stream = null;
let isFirst = true;

if (place && "EventSource" in window) {
  document.addEventListener("visibilitychange", attend);
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", attend);
  attend();
}

function attend() {
  if (document.visibilityState === "hidden") return leave();
  if (stream) return;
  stream = new EventSource(place.dataset.live);
  stream.addEventListener("open", caughtUp);
  for (const kind of ["news", "moved", "told"]) stream.addEventListener(kind, () => tell(kind));
}

function caughtUp() {
  if (!isFirst) ["news", "told"].forEach(tell);
  isFirst = false;
}

function leave() {
  stream?.close();
  stream = null;
}

function tell(kind) {
  document.body.dispatchEvent(new Event(`houtai:${kind}`));
}
