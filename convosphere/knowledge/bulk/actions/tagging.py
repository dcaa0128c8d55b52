"""Tags on documents."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from convosphere.core.identifiers import parse_id
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.bulk.actions.base import BulkAction
from convosphere.knowledge.bulk.models import Outcome
from convosphere.knowledge.bulk.schemas import Parameters, Verdict, Verdicts
from convosphere.knowledge.models import Document, Tag
from convosphere.knowledge.service.announcements import announce
from convosphere.knowledge.tags import queries


class _Tagging(BulkAction):
    """Whoever may edit a document and use a tag, `tag_id`, puts it there and takes it off."""

    level = "edit"
    undone_among = "listed"
    at_once = 1_000

    async def check(self, uow: UnitOfWork, parameters: Parameters) -> None:
        """See whether there is such a tag."""
        await _tag(uow, parameters)


class PutTag(_Tagging):
    """Put a tag on documents."""

    name = "tag"

    async def apply(self, uow: UnitOfWork, documents: Sequence[Document], parameters: Parameters) -> Verdicts:
        """Do it."""
        tag = await _tag(uow, parameters)
        changed = await queries.put(uow, _ids(documents), tag.id, "person")
        return await _told(uow, documents, {key: {"tag": str(tag.id)} for key in changed})

    async def undo(
        self, uow: UnitOfWork, documents: Sequence[Document], before: Mapping[UUID, Mapping[str, object]]
    ) -> Verdicts:
        """Take it off again where it was put."""
        changed: dict[UUID, dict[str, object]] = {}
        for tag_id, ids in _by_tag(documents, before).items():
            changed |= {key: {} for key in await queries.take(uow, ids, tag_id)}
        return await _told(uow, documents, changed)


class TakeTag(_Tagging):
    """Take a tag off documents."""

    name = "untag"

    async def apply(self, uow: UnitOfWork, documents: Sequence[Document], parameters: Parameters) -> Verdicts:
        """Do it."""
        tag = await _tag(uow, parameters)
        taken = await queries.take(uow, _ids(documents), tag.id)
        return await _told(uow, documents, {key: {"tag": str(tag.id)} for key in taken})

    async def undo(
        self, uow: UnitOfWork, documents: Sequence[Document], before: Mapping[UUID, Mapping[str, object]]
    ) -> Verdicts:
        """Put it back where it was, if there is such a tag still."""
        changed: dict[UUID, dict[str, object]] = {}
        for tag_id, ids in _by_tag(documents, before).items():
            tag = await queries.get_tag(uow, tag_id, "use")
            changed |= {key: {} for key in await queries.put(uow, ids, tag.id, "person")}
        return await _told(uow, documents, changed)


async def _tag(uow: UnitOfWork, parameters: Parameters) -> Tag:
    return await queries.get_tag(uow, parse_id(parameters.get("tag_id", "")), "use")


def _ids(documents: Sequence[Document]) -> list[UUID]:
    return [document.id for document in documents]


def _by_tag(documents: Sequence[Document], before: Mapping[UUID, Mapping[str, object]]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    for document in documents:
        if said := before.get(document.id, {}).get("tag"):
            found.setdefault(parse_id(str(said)), []).append(document.id)
    return found


async def _told(
    uow: UnitOfWork, documents: Sequence[Document], changed: Mapping[UUID, Mapping[str, object]]
) -> Verdicts:
    await announce(uow, *changed)
    unchanged = Verdict(Outcome.UNCHANGED)
    return Verdicts(
        {each.id: Verdict(before=changed[each.id]) if each.id in changed else unchanged for each in documents}
    )
