"""What the frame of one tab shows: who is signed in, and notices."""

import dataclasses

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.i18n import Message, Value
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.service.avatars import avatar_address
from convosphere.identity.service.groups import manages_groups
from convosphere.identity.service.profiles import get_frame_facts, keep_shortcuts
from convosphere.shell.slots import UndoActions
from convosphere.ui.toasts import ToastKind, ToastRow

MOST_TOASTS = 4


@dataclasses.dataclass(frozen=True)
class PersonCard:
    """Who is signed in, as far as the frame shows it. `locale` is the choice stored with the account.

    `real_name` is whoever looks as this person, mostly nobody; `manages_groups` says whether a page of groups is of use
    to somebody who may not read about people.
    """

    name: str = ""
    email: str = ""
    role: str = ""
    workspace: str = ""
    locale: str = ""
    permissions: list[str] = dataclasses.field(default_factory=list)
    initials: str = ""
    avatar: str = ""
    theme: str = ""
    density: str = ""
    time_zone: str = ""
    shortcuts: dict[str, str] = dataclasses.field(default_factory=dict)
    is_self: bool = False
    """Whether the person looks for themselves: through another one's eyes nothing of the browser changes."""
    real_name: str = ""
    manages_groups: bool = False


def initials_of(name: str) -> str:
    """First letters of the first and the last word of a name, in capitals."""
    words = name.split()
    return "".join(word[0] for word in dict.fromkeys((*words[:1], *words[-1:]))).upper()


class FrameState(rx.State):
    """The person in the frame."""

    person: rx.Field[PersonCard] = rx.field(default_factory=PersonCard)

    @rx.event
    @way_in(Permission.ACCOUNT_USE)
    async def load(self) -> None:
        """Show who is signed in."""
        actor = current_actor()
        facts = await get_frame_facts(actor)
        card = PersonCard(
            name=actor.name,
            email=actor.email,
            role=actor.role,
            workspace=facts.workspace,
            locale=actor.locale,
            permissions=sorted(actor.permissions),
            initials=initials_of(actor.name),
            real_name=actor.real_name,
            manages_groups=await manages_groups(actor),
            avatar=avatar_address(str(actor.account_id), facts.avatar),
            theme=facts.theme,
            density=facts.density,
            time_zone=facts.time_zone,
            shortcuts=facts.shortcuts,
            is_self=actor.real_account_id is None,
        )
        if card != self.person:
            self.person = card

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def keep_shortcuts(self, shortcuts: dict[str, str]) -> None:
        """Remember the person's own keys, which count at once."""
        await keep_shortcuts(current_actor(), shortcuts)
        self.person = dataclasses.replace(self.person, shortcuts=shortcuts)


class ToastState(rx.State):
    """Notices of this tab, the newest last."""

    toasts: rx.Field[list[ToastRow]] = rx.field(default_factory=list)

    @rx.event
    @way_in(Permission.PUBLIC)
    def dismiss(self, toast_id: str) -> None:
        """Take a notice away."""
        self.toasts = [row for row in self.toasts if row["id"] != toast_id]

    @rx.event
    @way_in(Permission.ACCOUNT_USE)
    def undo(self, toast_id: str) -> rx.event.EventType[()] | None:
        """Take back what a notice tells of."""
        row = next((row for row in self.toasts if row["id"] == toast_id), None)
        self.dismiss(toast_id)
        return UndoActions.event_for(row["undo"]) if row else None

    @rx.event
    @way_in(Permission.PUBLIC)
    def report(self, text: str, values: dict[str, Value]) -> None:
        """Tell what went wrong; the composition root sends it where a handler failed."""
        self._add("error", Message(text, values), undo="")

    def _add(self, kind: ToastKind, message: Message, undo: str) -> None:
        """The same once more takes the place of the first: two handlers of a page may be refused alike."""
        row = ToastRow(id=str(new_id()), kind=kind, message=message.as_dict(), undo=undo)
        said = (row["kind"], row["message"], row["undo"])
        others = [other for other in self.toasts if (other["kind"], other["message"], other["undo"]) != said]
        self.toasts = [*others[-(MOST_TOASTS - 1) :], row]


async def show_toast(state: rx.State, kind: ToastKind, message: Message, undo: str = "") -> None:
    """Show a notice in the tab of `state`. `undo`, as `kind:id`, offers to take it back by `UndoActions`."""
    toasts = await state.get_state(ToastState)
    toasts._add(kind, message, undo)
