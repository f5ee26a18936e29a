"""Forgets what a running case no longer needs: tokens that only tell how it came here.

What happened is told by the history; the engine needs the live tokens, the points where live
branches parted, and the token before an activity done per item (its data is what they share).
"""

from SpiffWorkflow.util.task import TaskState

from app.workflow.spiff.cases import Case, Part
from app.workflow.spiff.nodes.events import Boundary
from app.workflow.spiff.nodes.repeats import Repeated
from app.workflow.spiff.tokens import Token


def compact(case: Case) -> None:
    """Make the tree of every open part as small as its live tokens allow."""
    for part in case.parts():
        _compact_part(part)


def _compact_part(part: Part) -> None:
    root = part.task_tree
    wanted = _with_ancestors(part)
    kept = {token_id: token for token_id, token in part.tasks.items() if token_id in wanted}
    for token in kept.values():
        token._children = [child for child in token._children if child in wanted]
    part.tasks = kept
    for token in list(kept.values()):
        if _is_only_way(token, root, kept):
            _splice_out(part, token)
    if len(root._children) == 1 and not _needs_parent(kept[root._children[0]]):
        root.data = {}


def _with_ancestors(part: Part) -> set[int]:
    wanted = {part.task_tree.id}
    for token in part.live():
        current: Token | None = token
        while current is not None and current.id not in wanted:
            wanted.add(current.id)
            current = current.parent
    return wanted


def _is_only_way(token: Token, root: Token, tokens: dict[int, Token]) -> bool:
    if token is root or token.is_live or len(token._children) != 1 or _is_beside_work(token):
        return False
    return not _needs_parent(tokens[token._children[0]])


def _is_beside_work(token: Token) -> bool:
    """Whether it is an attached event of an activity that is still open.

    Without it, what came of the event would be taken for the activity itself.
    """
    if not isinstance(token.task_spec, Boundary) or token.parent is None:
        return False
    others = token.parent.children
    return any(each.is_live and not isinstance(each.task_spec, Boundary) for each in others)


def _needs_parent(child: Token) -> bool:
    on_its_way = child.state == TaskState.FUTURE
    return on_its_way or (isinstance(child.task_spec, Repeated) and child.is_live)


def _splice_out(part: Part, token: Token) -> None:
    child, parent = part.tasks[token._children[0]], token.parent
    child.parent = parent
    parent._children[parent._children.index(token.id)] = child.id
    del part.tasks[token.id]
