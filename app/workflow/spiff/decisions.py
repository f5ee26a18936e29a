"""Decision tables: read from DMN, answered rule by rule through the sandbox."""

from typing import Any

from app.workflow.spiff.tokens import Token


class Decision:
    """A decision table."""

    def outputs(self, token: Token) -> dict[str, Any]:
        raise NotImplementedError
