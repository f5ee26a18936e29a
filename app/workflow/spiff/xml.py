"""The only way BPMN and DMN files enter the product: bytes in, a plain element tree out."""

from typing import Any

from lxml import etree

from app.workflow.spiff.findings import Finding, ParseRefused

MAX_BYTES = 2_000_000
MAX_NODES = 50_000
MAX_TEXT = 100_000
MAX_ATTRIBUTES = 100
MAX_DEPTH = 100

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SPIFF = "{http://spiffworkflow.org/bpmn/schema/1.0/core}"


def parse_xml(data: bytes) -> Any:
    """The root element of `data`: no DOCTYPE, no entities, no comments, bounded in every way.

    Raises:
        ParseRefused: the file is not XML, or is XML that only an attacker would send.
    """
    if not data.strip():
        raise _refused("The file is empty.", "Save the diagram again.")
    if len(data) > MAX_BYTES:
        raise _refused(f"The file is larger than {MAX_BYTES:,} bytes.", "Split the process.")
    try:
        root = etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        message = f"The file is not well-formed XML: {getattr(error, 'msg', error)}."
        raise _refused(message, "Save the diagram again.") from None
    _check_document(root)
    return root


def local(node: Any) -> str:
    """The tag of `node` without its namespace."""
    return str(node.tag).rpartition("}")[2]


def text(node: Any) -> str:
    """The text of `node`, trimmed; empty when there is no node."""
    return "" if node is None else (node.text or "").strip()


def _refused(message: str, hint: str, element: str = "") -> ParseRefused:
    return ParseRefused([Finding(element, message, hint)])


def _parser() -> Any:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,  # a comment inside a script would cut it in two
        remove_pis=True,
        strip_cdata=True,
        recover=False,
    )


def _check_document(root: Any) -> None:
    info = root.getroottree().docinfo
    if info.doctype or info.internalDTD is not None or info.externalDTD is not None:
        raise _refused("A DOCTYPE is not allowed.", "Remove the DOCTYPE line.")
    stack, count = [(root, 1)], 0
    while stack:
        node, depth = stack.pop()
        count += 1
        if count > MAX_NODES:
            raise _refused(f"The file has more than {MAX_NODES:,} elements.", "Split the process.")
        _check_node(node, depth)
        stack.extend((child, depth + 1) for child in node)


def _check_node(node: Any, depth: int) -> None:
    if not isinstance(node.tag, str):
        raise _refused("The file holds an entity or another unusual node.", "Remove it.")
    too_big = len(node.attrib) > MAX_ATTRIBUTES or len(node.text or "") > MAX_TEXT
    if too_big or depth > MAX_DEPTH:
        raise _refused("An element is too large or nested too deep.", "", str(node.get("id", "")))
