"""The checker process: reads a path and where to look per line, answers with a verdict.

It may be killed at any time; nothing in it is shared. Started as a module by `checker`.
"""

import json
import resource
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from app.workflow.checks.judging import REFUSED, Verdict, judge
from app.workflow.checks.neighbours import beside, content, forms_of
from app.workflow.spiff.findings import Finding

MEMORY_BYTES = 256 << 20


def main() -> None:
    """Answer until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    for line in sys.stdin:
        path, *folders = [Path(each) for each in json.loads(line)]
        answer = _answer(path, folders)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _answer(path: Path, folders: Sequence[Path]) -> dict[str, Any]:
    verdict = _checked(path, folders)
    findings = [_finding(finding) for finding in verdict.findings]
    return {"verdict": verdict.verdict, "findings": findings}


def _checked(path: Path, folders: Sequence[Path]) -> Verdict:
    try:
        return judge(content(path), partial(beside, path, folders), partial(forms_of, path))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return Verdict(REFUSED, (Finding("", f"The file cannot be read: {reason}."),))
    except MemoryError:
        return Verdict(REFUSED, (Finding("", "The file needs too much memory.", "Split it."),))
    except Exception as error:  # noqa: BLE001 - whatever a file holds, the answer is a verdict
        message = f"The file cannot be understood: {type(error).__name__}: {error}"[:300]
        return Verdict(REFUSED, (Finding("", message, "Save it again."),))


def _finding(finding: Finding) -> dict[str, str]:
    message = f"Warning: {finding.message}" if finding.warning else finding.message
    return {"element": finding.element, "message": message, "hint": finding.hint}


if __name__ == "__main__":
    main()
