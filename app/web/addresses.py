"""Addresses handed to us by a browser, made safe to go to."""

from urllib.parse import urlsplit


def here(address: str | None, otherwise: str = "/") -> str:
    """`address` when it is a path of this site, else `otherwise`."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return otherwise
    parts = urlsplit(address)
    clean = not parts.scheme and not parts.netloc and "\\" not in address
    return address if clean and address.isprintable() else otherwise
