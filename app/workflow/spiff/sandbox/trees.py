"""Small syntax trees."""

import ast


def call(name: str, *arguments: ast.expr) -> ast.Call:
    function = ast.Name(id=name, ctx=ast.Load())
    return ast.Call(func=function, args=list(arguments), keywords=[])


def expression(text: str) -> ast.expr:
    """The tree of our own `text`."""
    return ast.parse(text, mode="eval").body
