// The live diagram of a case: a bpmn-js viewer with the case's steps marked on it.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-diagram]").forEach(show);
});

async function show(box) {
  const folded = box.closest("details");
  if (folded && !folded.open) {
    folded.addEventListener("toggle", () => show(box), { once: true });
    return;
  }
  const viewer = new NavigatedViewer({ container: box });
  try {
    const response = await fetch(box.dataset.diagram, { credentials: "same-origin" });
    if (!response.ok) throw new Error(String(response.status));
    await viewer.importXML(await response.text());
  } catch {
    box.hidden = true;
    return;
  }
  mark(viewer, box);
  bar(viewer, box);
  fit(viewer, box);
  window.addEventListener("resize", () => fit(viewer, box));
}

function mark(viewer, box) {
  const canvas = viewer.get("canvas");
  const elements = viewer.get("elementRegistry");
  for (const [name, ids] of Object.entries(JSON.parse(box.dataset.marks || "{}"))) {
    ids.filter((id) => elements.get(id)).forEach((id) => canvas.addMarker(id, `case-${name}`));
  }
  const titles = JSON.parse(box.dataset.titles || "{}");
  const modeling = viewer.get("graphicsFactory");
  const pools = elements.filter((one) => one.type === "bpmn:Participant");
  for (const [id, title] of Object.entries(titles)) {
    const element =
      elements.get(id) ?? pools.find((pool) => pool.businessObject.processRef?.id === id);
    if (!element || !title) continue;
    element.businessObject.name = title;
    const shown = element.labels?.length ? element.labels[0] : element;
    modeling.update(shown.waypoints ? "connection" : "shape", shown, canvas.getGraphics(shown));
  }
}

function fit(viewer, box) {
  const canvas = viewer.get("canvas");
  canvas.resized();
  canvas.zoom("fit-viewport", "auto");
  if (canvas.zoom() < 0.55) centreOnHere(viewer, box, canvas);
}

function centreOnHere(viewer, box, canvas) {
  const marks = JSON.parse(box.dataset.marks || "{}");
  const id = [...(marks.shown ?? []), ...(marks.bad ?? []), ...(marks.here ?? [])][0];
  const element = id && viewer.get("elementRegistry").get(id);
  if (!element) return;
  canvas.zoom(0.7);
  canvas.scrollToElement(element, { top: 60, bottom: 60, left: 60, right: 60 });
}

// The picture can be moved without a mouse: by buttons above it.
function bar(viewer, box) {
  const words = JSON.parse(box.dataset.words || "{}");
  const canvas = viewer.get("canvas");
  const acts = {
    whole: () => canvas.zoom("fit-viewport", "auto"),
    here: () => centreOnHere(viewer, box, canvas),
    in: () => canvas.zoom(canvas.zoom() * 1.25),
    out: () => canvas.zoom(canvas.zoom() / 1.25),
  };
  const row = document.createElement("div");
  row.className = "diagram-bar";
  for (const [name, act] of Object.entries(acts)) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-plain btn-sm", textContent: words[name] });
    button.addEventListener("click", act);
    row.append(button);
  }
  box.before(row);
}
