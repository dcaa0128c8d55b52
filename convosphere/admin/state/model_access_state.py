"""Who may use the model whose panel is open."""

from dataclasses import dataclass

import reflex as rx

from convosphere.admin.state.models_state import ModelsState
from convosphere.core.authorization import current_actor
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.service import directory, grants
from convosphere.identity.service.grants import Subject
from convosphere.llm.queries.offers import OBJECT_TYPE
from convosphere.llm.service import offering


@dataclass(frozen=True)
class UserItem:
    """A person or a group, or everyone, who may use the model or could be let."""

    type: str
    id: str
    name: str
    email: str = ""
    people: int = 0


class ModelAccessState(rx.State):
    """Whether the model is for some only, and for whom."""

    model_id: rx.Field[str] = rx.field("")
    is_restricted: rx.Field[bool] = rx.field(False)
    given: rx.Field[list[UserItem]] = rx.field(default_factory=list)
    found: rx.Field[list[UserItem]] = rx.field(default_factory=list)

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    async def open(self, model_id: str) -> None:
        """Show who may use a model."""
        self.reset()
        self.model_id = model_id
        await self._load()

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    async def restrict(self, is_restricted: bool) -> rx.event.EventType[()]:
        """Let everybody use the model, or only those whom it is granted."""
        await offering.open_model(current_actor(), self.model_id, is_restricted=is_restricted)
        await self._load()
        return ModelsState.load

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    async def look_up(self, text: str) -> None:
        """Find people and groups by name."""
        given = {item.id for item in self.given}
        rows = await directory.look_up(current_actor(), text, with_groups=True)
        self.found = [
            UserItem("group" if row.is_group else "person", str(row.id), row.name, row.email)
            for row in rows
            if str(row.id) not in given
        ]

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    async def give(self, subject_type: str, subject_id: str) -> None:
        """Let somebody use the model."""
        row_id = await offering.hold_row(current_actor(), self.model_id)
        await grants.set_grant(current_actor(), OBJECT_TYPE, row_id, _subject(subject_type, subject_id), "use")
        self.found = [item for item in self.found if item.id != subject_id]
        await self._load()

    @rx.event
    @way_in(Permission.MODEL_MANAGE)
    async def take(self, subject_type: str, subject_id: str) -> None:
        """Let somebody use it no more."""
        row_id = await offering.hold_row(current_actor(), self.model_id)
        await grants.remove_grant(current_actor(), OBJECT_TYPE, row_id, _subject(subject_type, subject_id))
        await self._load()

    async def _load(self) -> None:
        offers = await offering.list_offers(current_actor())
        offer = next((each for each in offers if each.route.model.id == self.model_id), None)
        self.is_restricted, self.given = bool(offer and offer.is_restricted), []
        if offer and offer.row and offer.is_restricted:
            sharing = await grants.list_grants(current_actor(), OBJECT_TYPE, offer.row.id)
            self.given = [
                UserItem(row.subject_type, str(row.subject_id or ""), row.name, row.email, row.people)
                for row in sharing.grants
                if not row.is_deny
            ]


def _subject(subject_type: str, subject_id: str) -> Subject:
    if subject_type == "everyone":
        return grants.EVERYONE
    if subject_type not in {"person", "group"}:
        raise InvalidInputError(t("This cannot be given."))
    return Subject("person" if subject_type == "person" else "group", parse_id(subject_id))
