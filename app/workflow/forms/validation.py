"""Checks answers against a form: conditions first, then each field, then what they point at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import ValidationError

from app.kernel.errors import N_
from app.workflow.forms import answers, conditions, options, paths
from app.workflow.forms.components import Component
from app.workflow.forms.errors import Complaint, InvalidAnswers
from app.workflow.forms.occasion import Occasion
from app.workflow.forms.scopes import Plan, Scope

MOST_CHARACTERS = 500_000
_MOST_STRANGERS = 20
_LONGEST_KEY = 100


def validated(
    plan: Plan,
    given: Mapping[str, object],
    data: Mapping[str, object],
    *,
    occasion: Occasion,
) -> dict[str, Any]:
    """The clean answers, each at its path; rows keep what the case already holds of them.

    Raises:
        InvalidAnswers: with a complaint per path, and the answers laid out for showing again.
    """
    tree, complaints = answers.expanded(plan.components, answers.nested(given), data)
    check = _Check(data, occasion, complaints)
    clean = check.scope(Scope(plan, data, blind=occasion.blind), tree)
    check.references()
    if check.characters > MOST_CHARACTERS or len(given) > answers.MOST_NAMES:
        complaints[""] = Complaint(N_("This is more than one form may hold."))
    if complaints:
        raise InvalidAnswers(complaints, tree)
    return clean


@dataclass
class _Check:
    """One walk through the answers."""

    data: Mapping[str, object]
    occasion: Occasion
    complaints: dict[str, Complaint]
    characters: int = 0
    files: dict[str, frozenset[int]] = field(default_factory=dict)
    looked_up: dict[tuple[str, str], str] = field(default_factory=dict)

    def scope(
        self, scope: Scope, given: Mapping[str, Any], *, all_hidden: bool = False
    ) -> dict[str, Any]:
        """The clean answers of one set of keys: the form, or one row."""
        self._refuse_strangers(scope, given)
        said = {path: self._answer(scope, path, given) for path in scope.plan.fields}
        scope.settle(all_hidden=all_hidden)
        clean: dict[str, Any] = {}
        for part in scope.plan.own:
            if part.is_answered:
                self._note(scope, part, said[part.path])
                paths.put(clean, part.path, scope.answers[part.path], over=scope.base)
            elif part.kind == "dynamiclist":
                paths.put(clean, part.path, self._rows(scope, part, given), over=scope.base)
        return clean

    def references(self) -> None:
        """Complain about files nobody handed in and values that name nothing."""
        ids = frozenset[int]().union(*self.files.values())
        lost = self.occasion.unknown_files(ids, self.occasion.by) if ids else frozenset()
        for where, given in self.files.items():
            if given & lost:
                self.complaints[where] = Complaint(N_("A file did not arrive. Choose it again."))
        for kind in {kind for kind, _ in self.looked_up}:
            self._look_up(kind)

    def _look_up(self, kind: str) -> None:
        given = {where: value for (of, where), value in self.looked_up.items() if of == kind}
        unknown = self.occasion.unknown_values(kind, frozenset(given.values()))
        for where, value in given.items():
            if value in unknown:
                self.complaints[where] = Complaint(N_("There is no “{text}”."), text=value)

    def _refuse_strangers(self, scope: Scope, given: Mapping[str, Any]) -> None:
        known = scope.plan.known | {answers.FROM} if scope.parent else scope.plan.known
        if given.keys() <= known:
            return
        for count, path in enumerate(_strangers(given, known)):
            if count < _MOST_STRANGERS:
                where = paths.joined(scope.prefix, path[:_LONGEST_KEY])
                self.complaints.setdefault(where, Complaint(answers.UNKNOWN))

    def _answer(self, scope: Scope, path: str, given: Mapping[str, Any]) -> Complaint | None:
        """Clean the answer at `path` into the scope; what is wrong with it, if anything."""
        raw = paths.found(given, path)
        if isinstance(raw, str):
            self.characters += len(raw)
        asked = scope.plan.fields[path]
        try:
            clean = asked.cleaned(raw, self.data, self.occasion)
        except ValidationError as error:
            scope.answers[path] = None
            if raw not in (None, "", []):
                scope.broken.add(path)
            said = error.messages[0] if isinstance(error.messages, list) else ""
            return said if isinstance(said, Complaint) else Complaint(str(said))
        scope.answers[path] = asked.part.blank if clean is None else clean
        return None

    def _note(self, scope: Scope, part: Component, said: Complaint | None) -> None:
        if part.id in scope.hidden:
            return
        where = paths.joined(scope.prefix, part.path)
        value = scope.answers[part.path]
        if said is not None:
            if part.path in scope.broken or not _hangs_on_broken(part, scope):
                self.complaints.setdefault(where, said)
        elif part.kind == "filepicker" and isinstance(value, list):
            before = paths.found(scope.base, part.path)
            self.files[where] = frozenset(value) - frozenset(_whole(before))
        elif (
            part.lookup and isinstance(value, str) and value not in options.values(part, self.data)
        ):
            self.looked_up[part.lookup, where] = value

    def _rows(self, scope: Scope, part: Component, given: Mapping[str, Any]) -> list[Any]:
        where = paths.joined(scope.prefix, part.path)
        hidden = part.id in scope.hidden
        if hidden:
            self._forget(where)
        rows = [] if hidden and part.free_rows else paths.found(given, part.path)
        known, plan = answers.base_rows(part, scope.base), scope.plan.lists[part.path]
        if not hidden:
            self._count(part, len(rows), where)
        clean = []
        for at, row in enumerate(rows[: part.limits.most_rows]):
            base = answers.base_row(part, row, at, known)
            inner = scope.row(plan, base, f"{where}.{at}")
            clean.append({**base, **self.scope(inner, row, all_hidden=hidden)})
        return clean

    def _count(self, part: Component, count: int, where: str) -> None:
        if count > part.limits.most_rows:
            message = N_("Rows: {count}; at most {most} may be here.")
            said = Complaint(message, most=part.limits.most_rows, count=count)
            self.complaints.setdefault(where, said)
        if count < part.limits.fewest_rows:
            message = N_("Rows: {count}; at least {least} must be here.")
            said = Complaint(message, least=part.limits.fewest_rows, count=count)
            self.complaints.setdefault(where, said)

    def _forget(self, where: str) -> None:
        for path in [path for path in self.complaints if f"{path}.".startswith(f"{where}.")]:
            del self.complaints[path]


def _hangs_on_broken(part: Component, scope: Scope) -> bool:
    """Whether it may be hidden once another answer can be read."""
    return part.hide is not None and any(map(scope.is_broken, conditions.names(part.hide)))


def _strangers(given: Mapping[str, Any], known: frozenset[str], prefix: str = "") -> Iterator[str]:
    for key, value in given.items():
        path = paths.joined(prefix, str(key))
        if path in known:
            continue
        if isinstance(value, dict) and any(other.startswith(f"{path}.") for other in known):
            yield from _strangers(value, known, path)
        else:
            yield path


def _whole(value: object) -> list[int]:
    return [item for item in value if isinstance(item, int)] if isinstance(value, list) else []
