"""Renders BPMN diagrams to pictures with bpmn-js, to be looked at.

python scripts/render_diagrams.py OUT_FOLDER [FILE.bpmn …]
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
VIEWER = ROOT / "node_modules/bpmn-js/dist"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SHOW = """async xml => {
  const viewer = new BpmnJS({container: '#canvas'});
  await viewer.importXML(xml);
  const canvas = viewer.get('canvas'), inner = canvas.viewbox().inner;
  const box = {x: inner.x - 20, y: inner.y - 20,
               width: inner.width + 40, height: inner.height + 40};
  const place = document.getElementById('canvas');
  place.style.width = box.width + 'px';
  place.style.height = box.height + 'px';
  canvas.resized();
  canvas.viewbox(box);
  return [Math.ceil(box.width), Math.ceil(box.height)];
}"""


def main(arguments: list[str]) -> None:
    """Write one PNG per diagram into the folder named first."""
    out = Path(arguments[0])
    out.mkdir(parents=True, exist_ok=True)
    files = [Path(name) for name in arguments[1:]] or sorted(ROOT.glob("processes/*/*.bpmn"))
    with sync_playwright() as player:
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = player.chromium.launch(executable_path=path, args=FLAGS)
        for file in files:
            _render(browser, file, out / f"{file.stem}.png")
        browser.close()


def _render(browser: Browser, file: Path, picture: Path) -> None:
    page = browser.new_page(device_scale_factor=2)
    page.set_content('<body style="margin:0"><div id="canvas" style="width:99px;height:99px">')
    for sheet in ("diagram-js.css", "bpmn-js.css"):
        page.add_style_tag(path=VIEWER / "assets" / sheet)
    page.add_script_tag(path=VIEWER / "bpmn-viewer.production.min.js")
    width, height = page.evaluate(SHOW, file.read_text(encoding="utf-8"))
    page.set_viewport_size({"width": width, "height": height})
    page.locator("#canvas").screenshot(path=picture)
    page.close()
    print(picture)


if __name__ == "__main__":
    main(sys.argv[1:] or ["build/diagrams"])
