"""What a page posted, as answers: every value, and the ids of files that came along."""

from collections.abc import Iterable

from flask import Request
from werkzeug.datastructures import FileStorage

from app.kernel import attachments, db

_NOT_ANSWERS = frozenset({"csrf_token", "view", "start_key", "place"})


def answers(request: Request, *, uploaded: dict[str, list[int]] | None = None) -> dict[str, object]:
    """The answers in `request`; names the pages themselves use are left out.

    `uploaded` are the files kept by `keep_files`, in a step of their own, so that answers
    that are refused do not lose them. NUL is dropped: PostgreSQL keeps no text with it.
    """
    found: dict[str, object] = {
        name: [value.replace("\0", "") for value in values]
        for name, values in request.form.to_dict(flat=False).items()
        if name not in _NOT_ANSWERS
    }
    for name, ids in (uploaded or {}).items():
        before = found.get(name)
        found[name] = [*(before if isinstance(before, list) else []), *map(str, ids)]
    return found


def kept_answers(request: Request, *, by: int) -> dict[str, object]:
    """The answers; files are kept first, in a step of their own, so that no error loses them."""
    if not has_files(request):
        return answers(request)
    uploaded = db.in_transaction(lambda: keep_files(request, by=by))
    return answers(request, uploaded=uploaded)


def keep_files(request: Request, *, by: int) -> dict[str, list[int]]:
    """Keep the files of `request`; their ids by the name of their field. Needs an open step."""
    return {
        name: [_kept(file, by) for file in _chosen(request.files.getlist(name))]
        for name in request.files
    }


def has_files(request: Request) -> bool:
    """Whether any file came along."""
    return any(_chosen(request.files.getlist(name)) for name in request.files)


def _chosen(files: Iterable[FileStorage]) -> list[FileStorage]:
    """A file input nobody used still sends an empty part."""
    return [file for file in files if file.filename]


def _kept(file: FileStorage, by: int) -> int:
    content = file.stream.read(attachments.MOST_BYTES + 1)
    return attachments.keep(file.filename or "", content, by=by).id
