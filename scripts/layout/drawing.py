"""A BPMN diagram as geometry: boxes, lines and labels, read from its interchange part."""

from dataclasses import dataclass, field

from lxml import etree

_NS = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "di": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "dd": "http://www.omg.org/spec/DD/20100524/DI",
}
_ELEMENTS = "//bpmn:process/* | //bpmn:participant | //bpmn:lane"
_NOT_DRAWN = {"laneSet", "documentation", "extensionElements", "property", "dataObject"}
_CONTAINERS = {"participant", "lane"}

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def center(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    def overlaps(self, other: "Box", by: float = 0) -> bool:
        """Whether the two share more than `by` in both directions."""
        across = min(self.right, other.right) - max(self.x, other.x)
        down = min(self.bottom, other.bottom) - max(self.y, other.y)
        return across > by and down > by

    def holds(self, other: "Box") -> bool:
        """Whether `other` lies wholly inside."""
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def touched_by(self, a: Point, b: Point) -> bool:
        """Whether the level or upright line a–b runs through the inside."""
        line = Box(min(a[0], b[0]), min(a[1], b[1]), abs(a[0] - b[0]), abs(a[1] - b[1]))
        return (
            line.x < self.right
            and line.right > self.x
            and line.y < self.bottom
            and line.bottom > self.y
        )


@dataclass(frozen=True)
class Line:
    """A sequence flow with its bends."""

    id: str
    source: str
    target: str
    points: tuple[Point, ...]

    @property
    def pieces(self) -> list[tuple[Point, Point]]:
        return list(zip(self.points, self.points[1:], strict=False))


@dataclass
class Drawing:
    """All that is drawn, by the id of what it stands for."""

    kinds: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)
    lanes: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, Box] = field(default_factory=dict)
    labels: dict[str, Box] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)

    @property
    def nodes(self) -> dict[str, Box]:
        """Everything with a box except pools and lanes."""
        return {
            node: box for node, box in self.boxes.items() if self.kinds.get(node) not in _CONTAINERS
        }


def read(content: bytes) -> Drawing:
    """The drawing in a BPMN file."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    root = etree.fromstring(content, parser)
    drawing, ends = Drawing(), {}
    for element in root.xpath(
        "//bpmn:process/* | //bpmn:participant | //bpmn:lane", namespaces=_NS
    ):
        _note(drawing, element, ends)
    for shape in root.xpath("//di:BPMNShape", namespaces=_NS):
        drawing.boxes[shape.get("bpmnElement")] = _box(shape.find("dc:Bounds", _NS))
        _label(drawing, shape)
    for edge in root.xpath("//di:BPMNEdge", namespaces=_NS):
        name = edge.get("bpmnElement")
        points = tuple(
            (float(p.get("x")), float(p.get("y"))) for p in edge.findall("dd:waypoint", _NS)
        )
        drawing.lines[name] = Line(name, *ends.get(name, ("", "")), points)
        _label(drawing, edge)
    return drawing


def _note(drawing: Drawing, element: etree._Element, ends: dict[str, tuple[str, str]]) -> None:
    kind, name = etree.QName(element).localname, element.get("id")
    if kind in _NOT_DRAWN:
        return
    drawing.kinds[name] = kind
    drawing.names[name] = element.get("name", "")
    if kind == "sequenceFlow":
        ends[name] = (element.get("sourceRef"), element.get("targetRef"))
    if kind == "boundaryEvent":
        drawing.hosts[name] = element.get("attachedToRef")
    for held in element.findall("bpmn:flowNodeRef", _NS):
        drawing.lanes[held.text] = name


def _label(drawing: Drawing, shape: etree._Element) -> None:
    bounds = shape.find("di:BPMNLabel/dc:Bounds", _NS)
    if bounds is not None:
        drawing.labels[shape.get("bpmnElement")] = _box(bounds)


def _box(bounds: etree._Element) -> Box:
    return Box(*(float(bounds.get(side)) for side in ("x", "y", "width", "height")))
