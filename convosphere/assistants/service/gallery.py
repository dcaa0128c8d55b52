"""The gallery of a workspace: who asks for a place in it, who decides, and what stands there.

A review is of one version. While an assistant stands in the gallery, that version answers everybody who may not change
it, under the name that it had; a newer one waits for a review of its own.
"""

from typing import Final
from uuid import UUID

from convosphere.assistants.errors import AssistantNotFoundError, EditedMeanwhileError
from convosphere.assistants.kind import ASSISTANTS, take_face
from convosphere.assistants.models import Assistant
from convosphere.assistants.queries import gallery as gallery_queries
from convosphere.assistants.queries.gallery import StoredDefinition
from convosphere.assistants.schemas import (
    LONGEST_REASON,
    Change,
    Comparison,
    Definition,
    GalleryState,
    RequestRow,
    State,
)
from convosphere.assistants.service import telling
from convosphere.assistants.service.versions import changes_of
from convosphere.core.audit.actions import (
    ASSISTANT_PUBLISHED,
    ASSISTANT_REFUSED,
    ASSISTANT_REVIEW_ASKED,
    ASSISTANT_SHARED,
    ASSISTANT_STATE_SET,
    ASSISTANT_WITHDRAWN,
    SharingFacts,
)
from convosphere.core.authorization import require
from convosphere.core.errors import ConflictError, InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.lines import plain_line
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.creations.queries import creations

MOST_REQUESTS: Final = 100
_EVERYONE: Final = SharingFacts(shared_with="everyone", level="use", is_denied=False)


async def ask_for_review(actor: Actor, assistant_id: UUID) -> int:
    """Ask that the current version of an assistant be published; gives its number.

    Raises:
        AssistantNotFoundError: the actor does not manage such an assistant.
        ConflictError: this version stands in the gallery already.
        InvalidInputError: it lacks what others choose by, or is switched off.
    """
    require(actor, Permission.ASSISTANT_SHARE)
    async with unit_of_work(actor) as uow:
        assistant = await creations.get(uow, ASSISTANTS, assistant_id, "manage", lock=True)
        stored = await gallery_queries.get_stored(uow, assistant.current_version_id)
        _refuse_unfit(assistant, Definition.model_validate(stored.definition))
        assistant.gallery_state = GalleryState.REQUESTED
        assistant.requested_version_id = assistant.current_version_id
        assistant.requested_by, assistant.requested_at = uow.account_id, utc_now()
        assistant.decision_reason = ""
        uow.record(ASSISTANT_REVIEW_ASKED, assistant_id, label=assistant.name, after={"version": stored.number})
        await telling.tell_reviewers(uow, assistant)
        return stored.number


async def take_back(actor: Actor, assistant_id: UUID) -> None:
    """Take an assistant of one's own out of the gallery, or back what one asked for.

    Raises:
        AssistantNotFoundError: the actor does not manage such an assistant.
    """
    require(actor, Permission.ASSISTANT_SHARE)
    async with unit_of_work(actor) as uow:
        assistant = await creations.get(uow, ASSISTANTS, assistant_id, "manage", lock=True)
        if assistant.published_version_id and assistant.gallery_state == GalleryState.REQUESTED:
            # What was reviewed before stays.
            assistant.gallery_state, assistant.requested_version_id = GalleryState.PUBLISHED, None
            return
        await _withdraw(uow, assistant, GalleryState.NONE, "")


async def remove(actor: Actor, assistant_id: UUID, reason: str) -> None:
    """Take anybody's assistant out of the gallery, telling why.

    Raises:
        AssistantNotFoundError: none of this id stands there.
        InvalidInputError: no reason is given.
    """
    require(actor, Permission.ASSISTANT_REVIEW)
    async with unit_of_work(actor) as uow:
        assistant = await gallery_queries.get_published(uow, assistant_id)
        await _withdraw(uow, assistant, GalleryState.REFUSED, _checked(reason))
        telling.tell_decided(uow, assistant, telling.ASSISTANT_REFUSED)


async def count_requests(actor: Actor) -> int:
    """How many assistants wait for the actor's review."""
    if not actor.may(Permission.ASSISTANT_REVIEW):
        return 0
    async with unit_of_work(actor) as uow:
        return await gallery_queries.count_requests(uow)


async def list_requests(actor: Actor) -> list[RequestRow]:
    """What waits for a review, the oldest first."""
    require(actor, Permission.ASSISTANT_REVIEW)
    async with unit_of_work(actor) as uow:
        return await gallery_queries.list_requests(uow, MOST_REQUESTS)


async def open_request(actor: Actor, assistant_id: UUID) -> Comparison:
    """All that a requested version changes in what stands in the gallery; `before` is 0 where nothing does.

    Raises:
        AssistantNotFoundError: none of this id waits.
    """
    require(actor, Permission.ASSISTANT_REVIEW)
    async with unit_of_work(actor) as uow:
        assistant = await gallery_queries.get_requested(uow, assistant_id)
        asked = await gallery_queries.get_stored(uow, _requested(assistant))
        before = StoredDefinition(0, {})
        if assistant.published_version_id:
            before = await gallery_queries.get_stored(uow, assistant.published_version_id)
    was, became = Definition.model_validate(before.definition), Definition.model_validate(asked.definition)
    changes = await changes_of(actor, was, became)
    return Comparison(before.number, asked.number, changes if before.number else tuple(map(_only_new, changes)))


async def accept(actor: Actor, assistant_id: UUID, number: int) -> None:
    """Publish the version that was reviewed: everyone in the workspace may use and copy it.

    Raises:
        AssistantNotFoundError: none of this id waits.
        EditedMeanwhileError: another version is asked for by now.
    """
    require(actor, Permission.ASSISTANT_REVIEW)
    async with unit_of_work(actor) as uow:
        assistant, asked = await _decide(uow, assistant_id, number)
        assistant.gallery_state, assistant.published_version_id = GalleryState.PUBLISHED, assistant.requested_version_id
        take_face(assistant, Definition.model_validate(asked.definition))
        if assistant.state == State.DRAFT:
            assistant.state = State.ACTIVE
            uow.record(ASSISTANT_STATE_SET, assistant_id, label=assistant.name, before={"state": State.DRAFT},
                       after={"state": State.ACTIVE})  # fmt: skip
        uow.record(ASSISTANT_PUBLISHED, assistant_id, label=assistant.name, after={"version": number})
        if await gallery_queries.open_to_everyone(uow, assistant_id):
            uow.record(ASSISTANT_SHARED, assistant_id, label=assistant.name, after=_EVERYONE)
        telling.tell_decided(uow, assistant, telling.ASSISTANT_PUBLISHED)


async def refuse(actor: Actor, assistant_id: UUID, number: int, reason: str) -> None:
    """Publish a requested version not, telling why; one that was published before stays.

    Raises:
        AssistantNotFoundError: none of this id waits.
        EditedMeanwhileError: another version is asked for by now.
        InvalidInputError: no reason is given.
    """
    require(actor, Permission.ASSISTANT_REVIEW)
    async with unit_of_work(actor) as uow:
        assistant, _ = await _decide(uow, assistant_id, number)
        assistant.gallery_state, assistant.decision_reason = GalleryState.REFUSED, _checked(reason)
        uow.record(ASSISTANT_REFUSED, assistant_id, label=assistant.name, after={"version": number})
        telling.tell_decided(uow, assistant, telling.ASSISTANT_REFUSED)


async def _decide(uow: UnitOfWork, assistant_id: UUID, number: int) -> tuple[Assistant, StoredDefinition]:
    assistant = await gallery_queries.get_requested(uow, assistant_id)
    asked = await gallery_queries.get_stored(uow, _requested(assistant))
    if asked.number != number:
        raise EditedMeanwhileError(t("Another version waits by now. Look at that one before you decide."))
    assistant.decided_by, assistant.decided_at, assistant.decision_reason = uow.account_id, utc_now(), ""
    return assistant, asked


async def _withdraw(uow: UnitOfWork, assistant: Assistant, state: GalleryState, reason: str) -> None:
    is_published = assistant.published_version_id is not None
    assistant.gallery_state, assistant.decision_reason = state, reason
    assistant.published_version_id = assistant.requested_version_id = None
    if not is_published:
        return
    current = await gallery_queries.get_stored(uow, assistant.current_version_id)
    take_face(assistant, Definition.model_validate(current.definition))
    uow.record(ASSISTANT_WITHDRAWN, assistant.id, label=assistant.name)
    if await gallery_queries.close_to_everyone(uow, assistant.id):
        uow.record(ASSISTANT_SHARED, assistant.id, label=assistant.name, before=_EVERYONE)


def _refuse_unfit(assistant: Assistant, definition: Definition) -> None:
    if assistant.published_version_id == assistant.current_version_id:
        raise ConflictError(t("This version stands in the gallery already."))
    if assistant.state not in {State.DRAFT, State.ACTIVE}:
        raise InvalidInputError(t("Activate it first: who is switched off answers nobody in the gallery either."))
    if not definition.description or not definition.category:
        raise InvalidInputError(t("Please give it a description and a category first: others choose by them."))


def _only_new(change: Change) -> Change:
    """Of what is published for the first time, nothing was there before."""
    return Change(change.field, tuple(line for line in change.lines if line.kind == "added"))


def _requested(assistant: Assistant) -> UUID:
    if assistant.requested_version_id is None:
        raise AssistantNotFoundError
    return assistant.requested_version_id


def _checked(reason: str) -> str:
    if not (tidy := plain_line(reason)[:LONGEST_REASON]):
        raise InvalidInputError(t("Please say why, so that it can be mended."))
    return tidy
