"""Who sees documents."""

from collections.abc import Mapping, Sequence
from typing import cast, get_args
from uuid import UUID

from convosphere.core.audit.actions import DOCUMENT_SHARED
from convosphere.core.audit.facts import SharingFacts
from convosphere.core.errors import InvalidInputError, NotFoundError
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.grants import LEVELS, Level
from convosphere.identity.queries import groups
from convosphere.identity.queries.grants import SubjectType
from convosphere.identity.service.grants import GrantKinds, Subject
from convosphere.knowledge.bulk.actions.base import BulkAction
from convosphere.knowledge.bulk.models import Outcome
from convosphere.knowledge.bulk.schemas import Parameters, Verdict, Verdicts
from convosphere.knowledge.models import Document
from convosphere.knowledge.queries import grants as queries
from convosphere.knowledge.queries.grants import GivenRow
from convosphere.knowledge.service.announcements import announce
from convosphere.knowledge.service.sharing import DOCUMENT_GRANTS


class _Rights(BulkAction):
    """What changes grants writes down those of before, and puts them back."""

    permission = Permission.DOCUMENT_SHARE
    undone_among = "listed"

    async def undo(
        self, uow: UnitOfWork, documents: Sequence[Document], before: Mapping[UUID, Mapping[str, object]]
    ) -> Verdicts:
        """Put back what was given before."""
        ids = [document.id for document in documents]
        rows = [GivenRow(document_id, **row) for document_id in ids for row in _rows(before.get(document_id, {}))]
        await queries.replace(uow, ids, rows)
        for document in documents:
            uow.record(DOCUMENT_SHARED, document.id, label=document.name, after={"shared_with": "as before"})
        await announce(uow, *ids)
        return Verdicts()


def _rows(before: Mapping[str, object]) -> list[dict[str, str]]:
    return cast("list[dict[str, str]]", before.get("grants", []))


class Share(_Rights):
    """Let everyone, a person or a group see documents or do more, as `subject_type`, `subject_id` and `level` say."""

    name = "share"

    async def check(self, uow: UnitOfWork, parameters: Parameters) -> None:
        """See whether there is such a person or group."""
        subject, level = _subject(parameters), parameters.get("level", "use")
        if level not in LEVELS:
            raise InvalidInputError(t("This cannot be given."))
        if subject.type == "person" and subject.id and not await groups.find_people(uow, [subject.id]):
            raise NotFoundError
        if subject.type == "group" and subject.id:
            await groups.get_group(uow, subject.id)

    async def apply(self, uow: UnitOfWork, documents: Sequence[Document], parameters: Parameters) -> Verdicts:
        """Give it, in place of what the same had."""
        await self.check(uow, parameters)
        subject, level = _subject(parameters), cast("Level", parameters.get("level", "use"))
        owned = {document.id for document in documents if document.owner_id == subject.id}
        ids = [document.id for document in documents if document.id not in owned]
        before = await queries.list_given(uow, ids)
        await queries.give(uow, ids, subject.type, subject.id, level)
        facts = SharingFacts(shared_with=subject.type, level=level, is_denied=False)
        facts = facts | {"subject": subject.id} if subject.id else facts
        for document in documents:
            if document.id in owned:
                continue
            uow.record(DOCUMENT_SHARED, document.id, label=document.name, after=facts)
            if not any(row.subject_id == str(subject.id or "") for row in before.get(document.id, [])):
                await GrantKinds.tell(uow, DOCUMENT_GRANTS, document, subject)
        await announce(uow, *ids)
        verdicts = {each: Verdict(before={"grants": [row.as_dict() for row in before.get(each, [])]}) for each in ids}
        return Verdicts(verdicts | dict.fromkeys(owned, Verdict(Outcome.UNCHANGED)))


class Unshare(_Rights):
    """Take back all that was given of documents; whoever is kept out stays out."""

    name = "unshare"

    async def apply(self, uow: UnitOfWork, documents: Sequence[Document], parameters: Parameters) -> Verdicts:
        """Do it."""
        del parameters
        ids = [document.id for document in documents]
        before = await queries.list_given(uow, ids)
        await queries.replace(uow, ids, [])
        for document in documents:
            uow.record(DOCUMENT_SHARED, document.id, label=document.name, after={"shared_with": "nobody"})
        await announce(uow, *ids)
        return Verdicts({
            each: Verdict(before={"grants": [row.as_dict() for row in before[each]]})
            if before.get(each) else Verdict(Outcome.UNCHANGED)
            for each in ids
        })  # fmt: skip


def _subject(parameters: Parameters) -> Subject:
    kind, key = parameters.get("subject_type", "everyone"), parameters.get("subject_id", "")
    if kind not in get_args(SubjectType) or (kind == "everyone") == bool(key):
        raise InvalidInputError(t("This cannot be given."))
    return Subject(cast("SubjectType", kind), parse_id(key) if key else None)
