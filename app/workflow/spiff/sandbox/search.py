"""`any`, `all` and `next` over a generator, which stop at the first answer."""

import ast
from dataclasses import dataclass

from app.workflow.spiff.sandbox.names import Names, names_of


@dataclass(frozen=True)
class Search:
    """One such call."""

    kind: str
    source: ast.GeneratorExp
    default: ast.expr | None

    def as_function(self, name: str, outer: set[str]) -> tuple[ast.FunctionDef, ast.Call]:
        """The loops it stands for, and the call that replaces it.

        Names that a lambda or a comprehension around it binds are handed over.
        """
        given = sorted(_free(self.source) & outer)
        default = ["__sw_default"] if self.default is not None else []
        arguments = ast.arguments(
            posonlyargs=[],
            args=[ast.arg(arg=one) for one in given + default],
            kwonlyargs=[],
            kw_defaults=[],
            defaults=[],
        )
        function = ast.FunctionDef(name=name, args=arguments, body=self._loops(), decorator_list=[])
        values: list[ast.expr] = [ast.Name(id=one, ctx=ast.Load()) for one in given]
        values += [self.default] if self.default is not None else []
        return function, ast.Call(func=ast.Name(id=name, ctx=ast.Load()), args=values, keywords=[])

    def _loops(self) -> list[ast.stmt]:
        body: list[ast.stmt] = [self._found()]
        for part in reversed(self.source.generators):
            for test in reversed(part.ifs):
                body = [ast.If(test=test, body=body, orelse=[])]
            body = [ast.For(target=part.target, iter=part.iter, body=body, orelse=[])]
        return [*body, self._not_found()]

    def _found(self) -> ast.stmt:
        element = self.source.elt
        if self.kind == "next":
            return ast.Return(value=element)
        test = element if self.kind == "any" else ast.UnaryOp(op=ast.Not(), operand=element)
        answer = ast.Constant(value=self.kind == "any")
        return ast.If(test=test, body=[ast.Return(value=answer)], orelse=[])

    def _not_found(self) -> ast.stmt:
        if self.kind != "next":
            return ast.Return(value=ast.Constant(value=self.kind == "all"))
        if self.default is not None:
            return ast.Return(value=ast.Name(id="__sw_default", ctx=ast.Load()))
        return ast.Raise(exc=ast.Name(id="StopIteration", ctx=ast.Load()))


def search_in(node: ast.Call, names: Names) -> Search | None:
    """`node` as a search, if it is one."""
    match node:
        case ast.Call(func=ast.Name(id="any" | "all" as kind), args=[only], keywords=[]):
            default = None
        case ast.Call(func=ast.Name(id="next" as kind), args=[only, *rest], keywords=[]):
            default = rest[0] if rest else None
        case _:
            return None
    source = _as_generator(only, names)
    if kind in names.bound or source is None or _binds_outside(source):
        return None
    return Search(kind, source, default)


def _as_generator(node: ast.expr, names: Names) -> ast.GeneratorExp | None:
    """`node`, or what `map(f, xs)` and `filter(f, xs)` mean, as a generator expression."""
    match node:
        case ast.GeneratorExp():
            return node
        case ast.Call(func=ast.Name(id="map" | "filter" as kind), args=[function, things]):
            if kind in names.bound or not isinstance(function, ast.Name | ast.Lambda):
                return None
            return _generator(kind, function, things)
    return None


def _generator(kind: str, function: ast.expr, things: ast.expr) -> ast.GeneratorExp:
    one = ast.Name(id="__sw_one", ctx=ast.Load())
    result = ast.Call(func=function, args=[one], keywords=[])
    loop = ast.comprehension(
        target=ast.Name(id="__sw_one", ctx=ast.Store()), iter=things, ifs=[], is_async=0
    )
    if kind == "map":
        return ast.GeneratorExp(elt=result, generators=[loop])
    loop.ifs = [result]
    return ast.GeneratorExp(elt=one, generators=[loop])


def _free(source: ast.GeneratorExp) -> set[str]:
    """The names `source` reads from around it; its first sequence still sees them all."""
    own = set().union(*(names_of(loop.target) for loop in source.generators))
    return names_of(source.generators[0].iter) | (names_of(source) - own)


def _binds_outside(source: ast.GeneratorExp) -> bool:
    """A `:=` inside binds a name outside, which a function of its own could not do."""
    return any(isinstance(part, ast.NamedExpr) for part in ast.walk(source))
