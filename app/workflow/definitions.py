"""Definitions: checked, versioned, published; a running case keeps the one it began with."""

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, delete, func, select, update

from app.identity import roles
from app.kernel import clock, i18n, policy
from app.kernel.db import db
from app.kernel.errors import N_, NotFound, Refusal
from app.workflow import blueprints, publishing, rights
from app.workflow.blueprints import Blueprint
from app.workflow.records import DRAFT, PUBLISHED, RETIRED, Definition, DefinitionFile, MessageStart

_LIVE = select(Definition).where(
    Definition.key == bindparam("wanted"), Definition.status == PUBLISHED
)


class NoSuchProcess(NotFound):
    """No published definition has that key."""

    code = "no_such_process"
    message = N_("There is no published process {key}.")


class MessageTaken(Refusal):
    """A message starts one process at most."""

    code = "message_taken"
    message = N_("The message {name} already starts the process {key}.")


def deploy(
    key: str, files: Mapping[str, bytes], *, by: int | None, shipped: bool = False
) -> Definition:
    """Check and publish a version; publishing what is live already changes nothing.

    Raises:
        ParseRefused: by element, what to mend.
        NotYourRole: only analysts publish.
    """
    rights.check_office(by, rights.ANALYSTS)
    digest = blueprints.digest_of(key, files)
    current = find_live(key)
    if current is not None and current.digest == digest:
        return current
    blueprint = publishing.checked(key, files)
    definition = keep(key, files, by=by, shipped=shipped, titles=publishing.titles(blueprint))
    publish(definition, blueprint)
    return definition


def keep(
    key: str,
    files: Mapping[str, bytes],
    *,
    by: int | None,
    shipped: bool,
    titles: dict[str, str],
) -> Definition:
    """Store the next version as a draft."""
    last = db.session.scalar(select(func.max(Definition.version)).where(Definition.key == key))
    definition = Definition(
        key=key,
        version=(last or 0) + 1,
        status=DRAFT,
        digest=blueprints.digest_of(key, files),
        shipped=shipped,
        titles=titles,
        created_at=clock.now(),
        created_by=by,
    )
    db.session.add(definition)
    db.session.flush()
    for name, content in files.items():
        db.session.add(DefinitionFile(definition_id=definition.id, name=name, content=content))
    return definition


def publish(definition: Definition, blueprint: Blueprint) -> None:
    """Let new cases start from `definition`; running ones keep theirs."""
    earlier = update(Definition).where(Definition.key == definition.key)
    db.session.execute(earlier.where(Definition.status == PUBLISHED).values(status=RETIRED))
    definition.status = PUBLISHED
    db.session.flush()
    _take_messages(definition, blueprint)
    for lane in blueprint.lanes:
        roles.ensure(lane.role, {"en": lane.name, **lane.titles})
    for name, value in publishing.policies(blueprint).items():
        policy.seed(name, value)


def live(key: str) -> Definition:
    """The version new cases start from.

    Raises:
        NoSuchProcess: nothing is published under that key.
    """
    found = find_live(key)
    if found is None:
        raise NoSuchProcess(key=key)
    return found


def find_live(key: str) -> Definition | None:
    """The version new cases start from, if there is one."""
    return db.session.scalar(_LIVE, {"wanted": key})


def lock_live(key: str) -> None:
    """Let nobody else publish a version of `key` until this step ends."""
    db.session.execute(_LIVE.with_for_update(), {"wanted": key})


def all_live() -> Sequence[Definition]:
    """Every published process, by key."""
    query = select(Definition).where(Definition.status == PUBLISHED).order_by(Definition.key)
    return db.session.scalars(query).all()


def blueprint(definition_id: int) -> Blueprint:
    """The parsed definition with its forms."""
    found = blueprints.by_id(definition_id)
    if found is None:
        raise NotFound
    return found


def title(definition_id: int, element_id: str, locale: str) -> str:
    """The name of an element in one language, as frozen in that definition."""
    return i18n.text_of(blueprint(definition_id).titles(element_id), locale) or element_id


def _take_messages(definition: Definition, blueprint: Blueprint) -> None:
    """Let the messages of its start events begin cases of this version."""
    own = select(Definition.id).where(Definition.key == definition.key)
    db.session.execute(delete(MessageStart).where(MessageStart.definition_id.in_(own)))
    for element_id, event in blueprint.parsed.start_events.items():
        if event.kind == "message":
            _take(event.message, definition, element_id)


def _take(name: str, definition: Definition, element_id: str) -> None:
    taken = db.session.get(MessageStart, name)
    if taken is not None:
        owner = db.session.get(Definition, taken.definition_id)
        raise MessageTaken(name=name, key=owner.key if owner else "?")
    row = MessageStart(name=name, definition_id=definition.id, element_id=element_id)
    db.session.add(row)
    db.session.flush()
