"""Random small scripts of the kind analysts write: loops, lists, searches, corrections."""

import random
from typing import Any

PROGRAM_DATA: dict[str, Any] = {
    "a": 7,
    "b": -2,
    "f": 2.5,
    "s": "ab,Cd",
    "xs": [3, 1, 2],
    "ys": [5, 6],
    "d": {"k": 1, "m": 2},
    "o": {"ls": [{"q": 1}, {"q": 4}]},
}
_START = "log = []\ni = n = 0\ndef h(x):\n    {}\n"
_HELPERS = ("return x > 1", "log.append(x)\n    return x % 3", "return x * 2")
_NUMBERS = ("a", "b", "i", "n", "len(xs)", "sum(xs)", "o['ls'][0]['q']", "d.get('k', 9)", "3", "0")
_LISTS = (  # copies all: CPython would follow a list that grows under a loop for ever
    *(
        "list(xs)",
        "ys[:9]",
        "[1, 2, 3]",
        "sorted(xs)",
        "[x * 2 for x in xs]",
        "xs + ys",
        "xs[::-1]",
    ),
    *("list(d.values())", "[l['q'] for l in o['ls']]", "list(map(lambda q: q - 1, xs))"),
    *("[p + q for p, q in zip(xs, ys)]", "list(reversed(ys))", "[*xs, a]", "sorted(set(ys))"),
)
_SIMPLE = (
    *("a = {n}", "n += {n}", "w = {l}", "flag = bool({b})", "log.append({n})", "xs.append({n})"),
    *("d['k'] = {n}", "o['ls'][-1]['q'] += {n}", "p, *rest = {l}", "r = round(f * {n}, 1)"),
    *("del xs[0]", "del ys[::2]", "del d['k']", "xs.sort()", "ys.pop()", "xs.extend(ys)"),
    *("t = f'{{a:>4}}|{{s!r}}'", "t = '-'.join(str(v) for v in {l})", "t = str({n} / 4)"),
    *("it = zip(xs, ys)\n{p}t1 = next(it, None)\n{p}t2 = list(it)\n{p}it = None",),
    *("it = (v + 1 for v in {l})\n{p}t1 = list(it)\n{p}t2 = list(it)\n{p}it = None",),
)
_BLOCKS = (
    *("if {b}:\n{1}\n{p}else:\n{2}", "for n in {l}:\n{1}", "for i, n in enumerate({l}):\n{1}"),
    *("for n in map(h, {l}):\n{1}", "for n in {l}:\n{p}    if {b}: break\n{1}\n{p}else:\n{2}"),
    *("try:\n{1}\n{p}except (IndexError, KeyError, ZeroDivisionError) as err:\n{2}",),
    *("c = 0\n{p}while c < 3:\n{p}    c += 1\n{1}",),
    *("match {n}:\n{p}    case 0 | 1:\n{p}        r = 'low'\n{p}    case _: r = 'other'",),
)


class Programs:
    """Scripts by a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def script(self) -> str:
        start = _START.format(self._random.choice(_HELPERS))
        steps = [self._statement("", 0) for _ in range(self._random.randint(2, 6))]
        return "\n".join([start, *steps, ""])

    def _statement(self, pad: str, depth: int) -> str:
        if depth > 1 or self._random.random() < 0.6:
            form = self._random.choice(_SIMPLE)
        else:
            form = self._random.choice(_BLOCKS)
        deeper = pad + "    "
        inner = [self._statement(deeper, depth + 1) if f"{{{k}}}" in form else "" for k in (1, 2)]
        return pad + form.format(
            "", *inner, p=pad, n=self._number(0), l=self._list(), b=self._test(0)
        )

    def _number(self, depth: int) -> str:
        if depth > 1 or self._random.random() < 0.5:
            return self._random.choice(_NUMBERS)
        left, right = self._number(depth + 1), self._number(depth + 1)
        return self._random.choice(
            [
                f"({left} {self._random.choice(['+', '-', '*', '//', '%'])} {right})",
                f"({left} if {self._test(depth + 1)} else {right})",
                f"next((v for v in {self._list()} if v > {left}), -1)",
                f"sum(h(v) for v in {self._list()})",
                f"max({self._list()}, default={left})",
            ]
        )

    def _list(self) -> str:
        return self._random.choice(_LISTS)

    def _test(self, depth: int) -> str:
        left, right = self._number(depth + 1), self._number(depth + 1)
        return self._random.choice(
            [
                f"{left} {self._random.choice(['<', '>', '==', '!='])} {right}",
                f"any(10 // v > {left} for v in {self._list()})",
                f"all(h(v) for v in {self._list()})",
                f"any(map(h, {self._list()}))",
                f"{left} in {self._list()}",
                f"not {left} or {left} < {right} <= 9",
            ]
        )
