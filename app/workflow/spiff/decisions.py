"""Decision tables, answered rule by rule through the sandbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.workflow.spiff.faults import TEXT_ERRORS, failed_text, script_failed
from app.workflow.spiff.merging import merged
from app.workflow.spiff.sameness import same
from app.workflow.spiff.tokens import Token

SINGLE = frozenset({"UNIQUE", "ANY", "FIRST"})
LISTS = frozenset({"COLLECT", "RULE ORDER"})


@dataclass(frozen=True)
class Rule:
    """One row: the expression that must hold (empty: always), and an expression per output."""

    number: int
    when: str
    outputs: tuple[str, ...]


@dataclass(frozen=True)
class Decision:
    """A decision table. `names` of outputs may be paths: `outcome.kind`."""

    id: str
    name: str
    hit_policy: str
    names: tuple[str, ...]
    rules: tuple[Rule, ...]

    def outputs(self, token: Token) -> dict[str, Any]:
        """What the table says about the data of `token`.

        Raises:
            ScriptFailed: no rule fits, or several do where only one may.
        """
        rows = [self._row(token, rule) for rule in self._fitting(token)]
        if self.hit_policy in LISTS:
            return self._named([[row[i] for row in rows] for i in range(len(self.names))])
        if not rows:
            raise script_failed(token, f"no rule of {self.name} fits; add a last rule with dashes")
        if self.hit_policy == "ANY" and not all(same(row, rows[0]) for row in rows):
            raise script_failed(token, f"the rules of {self.name} that fit do not say the same")
        return self._named(rows[0])

    def _fitting(self, token: Token) -> list[Rule]:
        fitting: list[Rule] = []
        for rule in self.rules:
            if rule.when and not _evaluated(token, rule.when, rule):
                continue
            fitting.append(rule)
            if self.hit_policy == "FIRST":
                break
        if self.hit_policy == "UNIQUE" and len(fitting) > 1:
            numbers = " and ".join(str(rule.number) for rule in fitting)
            raise script_failed(token, f"rules {numbers} of {self.name} fit; only one may")
        return fitting

    def _row(self, token: Token, rule: Rule) -> list[Any]:
        return [_evaluated(token, text, rule) if text else None for text in rule.outputs]

    def _named(self, values: Sequence[Any]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for name, value in zip(self.names, values, strict=True):
            nested: Any = value
            for step in reversed(name.split(".")):
                nested = {step: nested}
            result = merged({}, result, nested)
        return result


def _evaluated(token: Token, text: str, rule: Rule) -> Any:
    try:
        return token.workflow.script_engine.evaluate(token, text)
    except TEXT_ERRORS as error:
        raise failed_text(token, error, where=f"rule {rule.number}: ") from error
