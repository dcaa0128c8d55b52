"""For whom the assistant that is shown answers where nobody chose."""

from dataclasses import dataclass
from typing import cast, get_args

import reflex as rx

from convosphere.assistants.queries.defaults import DefaultFor
from convosphere.assistants.service import defaults
from convosphere.assistants.state.editor_state import AssistantState
from convosphere.core.authorization import current_actor
from convosphere.core.errors import NotFoundError
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.service import groups


@dataclass(frozen=True)
class DefaultItem:
    """Somebody's new conversations: one's own, a group's or the workspace's."""

    type: str
    id: str = ""
    name: str = ""
    is_set: bool = False


class AssistantDefaultsState(rx.State):
    """The dialog in which it is decided."""

    is_open: rx.Field[bool] = rx.field(False)
    rows: rx.Field[list[DefaultItem]] = rx.field(default_factory=list)

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    async def open(self) -> None:
        """Show for whom the person may decide."""
        await self._load()
        self.is_open = True

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    def close(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Show it no more."""
        if not is_open:
            self.is_open = False

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def choose(self, subject_type: str, subject_id: str, is_default: bool) -> None:
        """Let the assistant answer somebody's new conversations, or no longer."""
        if subject_type not in get_args(DefaultFor):
            raise NotFoundError
        shown = parse_id((await self.get_state(AssistantState)).place)
        subject = parse_id(subject_id) if subject_id else None
        kind = cast("DefaultFor", subject_type)
        await defaults.set_default(current_actor(), shown, kind, subject, is_default=is_default)
        await self._load()

    async def _load(self) -> None:
        actor = current_actor()
        shown = parse_id((await self.get_state(AssistantState)).place)
        held = {(row.subject_type, row.subject_id) for row in await defaults.list_defaults(actor, shown)}
        kinds = {kind for kind, _ in held}
        may_all = actor.may(Permission.GROUP_MANAGE)
        rows = [DefaultItem("person", is_set="person" in kinds)]
        rows += [
            DefaultItem("group", str(group.id), group.name, ("group", group.id) in held)
            for group in await groups.list_groups(actor)
            if may_all or group.is_manager
        ]
        if actor.may(Permission.WORKSPACE_MANAGE):
            rows.append(DefaultItem("workspace", is_set="workspace" in kinds))
        self.rows = rows
