"""Whom documents belong to, and when they are to be looked at again."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from convosphere.core.audit.actions import DOCUMENT_HANDED_OVER, DOCUMENT_REVIEW_SET
from convosphere.core.errors import InvalidInputError, NotFoundError
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.queries import groups
from convosphere.knowledge.bulk.actions.base import BulkAction
from convosphere.knowledge.bulk.models import Outcome
from convosphere.knowledge.bulk.schemas import Parameters, Verdict, Verdicts
from convosphere.knowledge.models import Document
from convosphere.knowledge.queries import grants, ownership
from convosphere.knowledge.service.announcements import announce


class SetOwner(BulkAction):
    """Give documents another owner, `owner_id`. Whoever had them goes on to manage them, and can take it back."""

    name = "owner"
    permission = Permission.DOCUMENT_SHARE
    undone_among = "listed"

    async def check(self, uow: UnitOfWork, parameters: Parameters) -> None:
        """See whether there is such a person."""
        if not await groups.find_people(uow, [parse_id(parameters.get("owner_id", ""))]):
            raise NotFoundError

    async def apply(self, uow: UnitOfWork, documents: Sequence[Document], parameters: Parameters) -> Verdicts:
        """Do it."""
        await self.check(uow, parameters)
        owner_id = parse_id(parameters.get("owner_id", ""))
        return await _hand_over(uow, documents, {document.id: owner_id for document in documents}, keeps=True)

    async def undo(
        self, uow: UnitOfWork, documents: Sequence[Document], before: Mapping[UUID, Mapping[str, object]]
    ) -> Verdicts:
        """Give them back to whoever had them, as long as they are there."""
        owners = {key: parse_id(str(said.get("owner", ""))) for key, said in before.items()}
        here = set(await groups.find_people(uow, list(set(owners.values()))))
        wanted = {each.id: owners[each.id] for each in documents if owners.get(each.id) in here}
        return await _hand_over(uow, documents, wanted, keeps=False)


async def _hand_over(
    uow: UnitOfWork, documents: Sequence[Document], owners: Mapping[UUID, UUID], *, keeps: bool
) -> Verdicts:
    """Documents of which no owner is said stay whose they are."""
    formerly = {each.id: each.owner_id for each in documents}  # The statement below changes what is in memory, too.
    changed = [each for each in documents if owners.get(each.id, each.owner_id) != each.owner_id]
    verdicts = {each.id: Verdict(Outcome.UNCHANGED) for each in documents}
    for owner_id in {owners[each.id] for each in changed}:
        mine = [each for each in changed if owners[each.id] == owner_id]
        await ownership.hand_over(uow, [each.id for each in mine], owner_id)
        if not keeps:
            await grants.take_from(uow, [each.id for each in mine], owner_id)
    if keeps:
        for former in {formerly[each.id] for each in changed}:
            mine = [each.id for each in changed if formerly[each.id] == former]
            await grants.give(uow, mine, "person", former, "manage")
    for each in changed:
        uow.record(
            DOCUMENT_HANDED_OVER, each.id, label=each.name, before={"owner": formerly[each.id]},
            after={"owner": owners[each.id]},
        )  # fmt: skip
        verdicts[each.id] = Verdict(before={"owner": str(formerly[each.id])})
    await announce(uow, *(each.id for each in changed))
    return Verdicts(verdicts)


class SetReview(BulkAction):
    """Say on which day documents are to be looked at again, `review_on` as YYYY-MM-DD, or empty: on none."""

    name = "review"
    level = "edit"
    undone_among = "listed"

    async def check(self, uow: UnitOfWork, parameters: Parameters) -> None:
        """See whether it is a day."""
        del uow
        _day(parameters.get("review_on", ""))

    async def apply(self, uow: UnitOfWork, documents: Sequence[Document], parameters: Parameters) -> Verdicts:
        """Do it."""
        day = _day(parameters.get("review_on", ""))
        return await _set_days(uow, documents, {document.id: day for document in documents})

    async def undo(
        self, uow: UnitOfWork, documents: Sequence[Document], before: Mapping[UUID, Mapping[str, object]]
    ) -> Verdicts:
        """Put back the days of before."""
        days = {key: _day(str(said.get("review_on") or "")) for key, said in before.items()}
        return await _set_days(uow, documents, days)


async def _set_days(uow: UnitOfWork, documents: Sequence[Document], days: Mapping[UUID, date | None]) -> Verdicts:
    verdicts = {}
    for each in documents:
        day, was = days.get(each.id), each.review_on
        if day == was:
            verdicts[each.id] = Verdict(Outcome.UNCHANGED)
            continue
        each.review_on = day
        uow.record(DOCUMENT_REVIEW_SET, each.id, label=each.name, before={"review_on": _text(was)},
                   after={"review_on": _text(day)})  # fmt: skip
        verdicts[each.id] = Verdict(before={"review_on": _text(was)})
    await announce(uow, *(each.id for each in documents))
    return Verdicts(verdicts)


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError as error:
        raise InvalidInputError(t("This is no day.")) from error


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
