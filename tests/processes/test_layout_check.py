"""Diagrams are drawn to be read, and the check sees when one is not."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.config import ROOT

COUNT = ROOT / "processes/stock/mini_count.bpmn"
Change = Callable[[str], str]
Check = Callable[[Change], str]


@pytest.fixture(autouse=True)
def _shipped() -> None:
    """Pictures need no database."""


def _run(place: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts/layout_check.py"), str(place)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """What the check says of the two-person count, drawn differently."""

    def said(change: Change) -> str:
        text = COUNT.read_text(encoding="utf-8")
        changed = change(text)
        assert changed != text
        (tmp_path / "count.bpmn").write_text(changed, encoding="utf-8")
        found = _run(tmp_path)
        assert found.returncode == 1
        return found.stdout

    return said


def _box(text: str, element: str) -> str:
    """The bounds of an element as they stand in the file."""
    start = text.index("<dc:Bounds", text.index(f'bpmnElement="{element}"'))
    return text[start : text.index("/>", start) + 2]


def test_every_shipped_diagram_is_drawn_to_be_read() -> None:
    found = _run(ROOT / "processes")

    assert (found.stdout, found.returncode) == ("", 0)


def test_boxes_on_top_of_each_other_are_seen(check: Check) -> None:
    said = check(lambda text: text.replace(_box(text, "count_second"), _box(text, "count_first")))

    assert "count_first and count_second overlap" in said


def test_a_box_outside_its_lane_is_seen(check: Check) -> None:
    said = check(lambda text: text.replace(_box(text, "decide_count"), _box(text, "count_first")))

    assert "decide_count reaches out of its lane warehouse_manager" in said


def test_an_element_nobody_drew_is_seen(check: Check) -> None:
    def without_shape(text: str) -> str:
        start = text.index('<bpmndi:BPMNShape id="count_second_di"')
        end = text.index("</bpmndi:BPMNShape>", start) + len("</bpmndi:BPMNShape>")
        return text[:start] + text[end:]

    assert "count_second is not drawn" in check(without_shape)


def test_a_name_that_does_not_fit_is_seen(check: Check) -> None:
    long = "Count every single bag behind the pallet for the second time"
    said = check(lambda text: text.replace('name="Count second"', f'name="{long}"'))

    assert "the name of count_second does not fit into its box" in said


def test_flows_through_boxes_and_across_each_other_are_seen(check: Check) -> None:
    def bent(text: str) -> str:
        start = text.index(
            "<di:waypoint", text.index('bpmnElement="counts_compared__decide_count"')
        )
        end = text.index("<bpmndi:BPMNLabel>", start)
        points = [(655, 85), (655, 75), (1180, 75), (1180, 90), (1130, 90), (1130, 160)]
        drawn = "".join(f'<di:waypoint x="{x}" y="{y}" />' for x, y in points)
        return text[:start] + drawn + text[end:]

    said = check(bent)

    assert "counts_compared__decide_count" in said
    assert "does not touch decide_count" in said
    assert "crosses" in said or "runs through" in said


def test_names_on_lines_are_seen(check: Check) -> None:
    def moved(text: str) -> str:
        start = text.index("<bpmndi:BPMNLabel>", text.index('bpmnElement="counts_compared"'))
        label = text[text.index("<dc:Bounds", start) : text.index("/>", start) + 2]
        return text.replace(label, '<dc:Bounds x="690" y="138" width="70" height="14" />', 1)

    assert "the name of counts_compared lies on" in check(moved)
