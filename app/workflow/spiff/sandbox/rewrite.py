"""Turns Python the worker lacks, or means otherwise, into Python it means the same."""

import ast
from typing import Any

from app.workflow.spiff.sandbox import deletion, shims
from app.workflow.spiff.sandbox.laziness import (
    consumed_in,
    is_lazy,
    refuse_effects,
    refuse_moving_ground,
)
from app.workflow.spiff.sandbox.methods import as_function, is_method_value, is_unbound_method
from app.workflow.spiff.sandbox.names import Names, arguments_of, modules_in, names_of
from app.workflow.spiff.sandbox.search import Search, search_in
from app.workflow.spiff.sandbox.trees import call

PATTERN_VERBS = frozenset({"findall", "finditer", "split", "sub"})
_BLOCKS = ("body", "orelse", "finalbody")
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Rewriter(ast.NodeTransformer):
    """One pass over one tree; `changed` and `needed` tell what came of it."""

    def __init__(self, tree: ast.AST, names: Names) -> None:
        self.tree, self.names = tree, names
        self.consumed = consumed_in(tree, names)
        self.called = {id(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
        self.has_classes = any(isinstance(n, ast.ClassDef) for n in ast.walk(tree))
        self.durations = _duration_names(tree)
        self.modules = modules_in(tree)
        self.makes_patterns = "re" in self.modules.values()
        self.needed: set[str] = set()
        self.hoisted: list[ast.stmt] = []
        self.inner: list[set[str]] = []
        self.searches = 0
        self.visited: set[int] = set()
        self.changed = False

    def visit(self, node: ast.AST) -> Any:
        if id(node) in self.visited:
            return node
        if isinstance(node, ast.For):
            refuse_moving_ground(node, self.names)
        for block in _BLOCKS:
            statements = getattr(node, block, None)
            if isinstance(statements, list):
                setattr(node, block, self._block(statements))
        bound = _bound_inside(node)
        if bound is None:
            return super().visit(node)
        if isinstance(node, _COMPREHENSIONS):
            self._visit_outside(node.generators[0])
        self.inner.append(bound)
        try:
            return super().visit(node)
        finally:
            self.inner.pop()

    def _visit_outside(self, loop: ast.comprehension) -> None:
        """The first sequence of a comprehension is computed outside of it."""
        loop.iter = self.visit(loop.iter)
        self.visited.add(id(loop.iter))

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """As in the library, but blocks of statements have been visited already."""
        for field, old in ast.iter_fields(node):
            if field in _BLOCKS and isinstance(old, list):
                continue
            if isinstance(old, list):
                old[:] = [self.visit(part) if isinstance(part, ast.AST) else part for part in old]
            elif isinstance(old, ast.AST):
                setattr(node, field, self.visit(old))
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id == "round" and isinstance(node.ctx, ast.Load) and self._own("round"):
            return self._shim(shims.ROUND, node)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        called = id(node) in self.called
        self.generic_visit(node)
        if not called and not self.has_classes and is_method_value(node, self.names):
            return self._as_function(node)
        return node

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.AST:
        return self._at_once(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        found = search_in(node, self.names)
        if found is not None:
            return self._hoist(found, node)
        if self._is_view(node):
            return self._renamed(node, "locals")
        if self._is_duration(node.func):
            node.func = self._shim(shims.DURATION, node.func)
        elif is_unbound_method(node.func, self.names):
            node.func = self._as_function(node.func)
        else:
            self._check_pattern(node)
        if is_lazy(node, self.names):
            return self._at_once(node)
        return self.generic_visit(node)

    def visit_Delete(self, node: ast.Delete) -> list[ast.stmt]:
        self.changed = True
        steps = [step for target in deletion.targets_of(node) for step in self._deletion(target)]
        return [ast.copy_location(step, node) for step in steps]

    def _block(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        before, done = self.hoisted, list[ast.stmt]()
        for statement in statements:
            self.hoisted = []
            new = self.visit(statement)
            done += [*self.hoisted, *(new if isinstance(new, list) else [new])]
        self.hoisted = before
        return done

    def _at_once(self, node: ast.expr) -> ast.AST:
        """A generator as a list, an iterator over it where it may be read piece by piece."""
        if not self.consumed.get(id(node)):
            refuse_effects(node, self.tree)
        one_pass = id(node) not in self.consumed
        self.generic_visit(node)
        if not one_pass:
            return node
        self.changed = True
        inner: ast.expr = node
        if isinstance(node, ast.GeneratorExp):
            inner = ast.ListComp(elt=node.elt, generators=node.generators)
        return ast.copy_location(call("iter", inner), node)

    def _hoist(self, found: Search, node: ast.Call) -> ast.AST:
        """`any`, `all` and `next` stop early: as a function of their own, before the statement."""
        self.changed = True
        self.searches += 1
        name = f"__sw_search{self.searches}"
        outer = set().union(*self.inner) if self.inner else set()
        function, asking = found.as_function(name, outer)
        ast.copy_location(function, node)
        self.hoisted += self._block([function])
        asking.args = [self.visit(part) for part in asking.args]
        return ast.copy_location(asking, node)

    def _check_pattern(self, node: ast.Call) -> None:
        """Let the worker refuse patterns that also match nothing, where that matters."""
        match node.func:
            case ast.Attribute(value=ast.Name(id=name), attr=verb) if (
                self.modules.get(name) == "re"
            ):
                if verb in PATTERN_VERBS and node.args:
                    node.args[0] = self._checked(node.args[0])
            case ast.Attribute(attr=verb) if verb in PATTERN_VERBS and self.makes_patterns:
                node.func.value = self._checked(node.func.value)

    def _checked(self, pattern: ast.expr) -> ast.expr:
        self.changed = True
        self.needed.add(shims.PATTERN)
        return ast.copy_location(call(shims.PATTERN, pattern), pattern)

    def _deletion(self, target: ast.expr) -> list[ast.stmt]:
        if not isinstance(target, ast.Subscript):
            return deletion.of_name(target)
        holder, where = self.visit(target.value), self.visit(target.slice)
        if not isinstance(where, ast.Slice):
            return [deletion.of_item(holder, where)]
        self.needed.add(shims.DELETE_SLICE)
        return [deletion.of_slice(holder, where)]

    def _as_function(self, node: ast.expr) -> ast.expr:
        self.changed = True
        return ast.copy_location(as_function(node, self.names), node)

    def _own(self, name: str) -> bool:
        return name not in self.names.bound

    def _is_duration(self, node: ast.expr) -> bool:
        match node:
            case ast.Name(id=name):
                return name in self.durations
            case ast.Attribute(value=ast.Name(id=module), attr="timedelta"):
                return module in self.names.modules
        return False

    def _is_view(self, node: ast.Call) -> bool:
        match node.func:
            case ast.Name(id="globals" | "vars" as name):
                return self._own(name)
        return False

    def _renamed(self, node: ast.Call, name: str) -> ast.AST:
        self.changed = True
        node.func = ast.copy_location(ast.Name(id=name, ctx=ast.Load()), node.func)
        return node

    def _shim(self, name: str, node: ast.AST) -> ast.expr:
        self.changed = True
        self.needed.add(name)
        return ast.copy_location(ast.Name(id=name, ctx=ast.Load()), node)


def _bound_inside(node: ast.AST) -> set[str] | None:
    """The names an expression with a scope of its own binds; None for everything else."""
    if isinstance(node, ast.Lambda):
        return arguments_of(node.args)
    if isinstance(node, _COMPREHENSIONS):
        return set().union(*(names_of(part.target) for part in node.generators))
    return None


def _duration_names(tree: ast.AST) -> set[str]:
    """`timedelta` and what imports call it, unless the text gives those names another meaning."""
    aliases, others = {"timedelta"}, set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "datetime":
            for alias in node.names:
                (aliases if alias.name == "timedelta" else others).add(alias.asname or alias.name)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            others.add(node.id)
        elif isinstance(node, ast.arg):
            others.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            others.add(node.name)
    return aliases - others
