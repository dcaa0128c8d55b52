"""Inviting a whole list of people: read and checked first, sent by a job once somebody confirms it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from convosphere.core.audit.actions import INVITATION_CREATED, INVITATION_LIST_SENT
from convosphere.core.authorization import require
from convosphere.core.errors import ConflictError, InvalidInputError, NotFoundError
from convosphere.core.i18n import LOCALES, Message, t
from convosphere.core.mail.letters import Letter
from convosphere.core.mail.sending import send_letters
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.models import InvitationList
from convosphere.identity.people_lists import ListedPerson, read_people, write_table
from convosphere.identity.queries import founding as founding_queries
from convosphere.identity.queries import groups as group_queries
from convosphere.identity.queries import invitations as invitation_queries
from convosphere.identity.queries import roles as role_queries
from convosphere.identity.queries import roster as roster_queries
from convosphere.identity.roles import ROLE_NAMES, Role
from convosphere.identity.service.inviting import (
    INVITATION_DAYS,
    Choices,
    NewInvitation,
    check_days,
    draft_invitation,
    facts_of,
    invitation_letter,
    link_of,
    list_choices,
    may_give,
    new_link,
    refuse_if_closed,
)
from convosphere.identity.service.memberships import people_topic, resolve_person
from convosphere.identity.service.people import checked_email, checked_name

SEND_LIST_TASK = "identity.send_list"
AT_ONCE = 100
"""Invitations of one transaction."""
SHOWN = 100
"""Lines that the preview shows, those that cannot be taken first."""


@dataclass(frozen=True)
class ListLine:
    """A checked line as it is stored. `fault` is a `core.i18n.Message` as a dict, or empty."""

    number: int
    name: str
    email: str
    role: str
    group_ids: list[str]
    groups: str
    fault: dict[str, Any]


@dataclass(frozen=True)
class ListView:
    """A list as the page shows it: `good` lines are or will be sent, `faulty` ones left out."""

    id: UUID
    status: str
    good: int
    faulty: int
    done: int
    lines: list[ListLine]


async def read_list(actor: Actor, data: bytes) -> UUID:
    """Read and check a list of people. Nothing is sent; the id is for `send_list`.

    Raises:
        SignUpClosedError: nobody can join.
        InvalidInputError: the list is too long, empty, or no text.
    """
    require(actor, Permission.PERSON_INVITE)
    refuse_if_closed()
    listed = read_people(data)
    if not listed:
        raise InvalidInputError(t("There is nobody on this list."))
    choices = await list_choices(actor)
    async with unit_of_work(actor) as uow:
        emails = [person.email.strip().lower() for person in listed]
        present = await roster_queries.list_present(uow, emails)
        invited = await invitation_queries.list_invited(uow, emails)
        check = _Check(choices, await _role_names(uow), present, invited, Counter(emails))
        lines = [check.line(person) for person in listed]
        await invitation_queries.forget_drafts(uow)
        stored = InvitationList(
            workspace_id=uow.workspace_id, created_by=uow.account_id, lines=[asdict(line) for line in lines],
            total=sum(not line.fault for line in lines),
        )  # fmt: skip
        uow.session.add(stored)
    return stored.id


async def get_list(actor: Actor, list_id: UUID) -> ListView:
    """A list that the actor read, and how far its sending is.

    Raises:
        NotFoundError: there is no such list of theirs.
    """
    require(actor, Permission.PERSON_INVITE)
    async with unit_of_work(actor) as uow:
        found = await _get_own(uow, list_id)
    lines = [ListLine(**line) for line in found.lines]
    faulty_first = sorted(lines, key=lambda line: not line.fault)
    return ListView(
        found.id, found.status, found.total, len(lines) - found.total, found.done, faulty_first[:SHOWN]
    )  # fmt: skip


async def send_list(actor: Actor, list_id: UUID, *, days: int = INVITATION_DAYS, locale: str = "") -> None:
    """Have everybody on a list invited whose line is in order. Asked twice, it is done once.

    Raises:
        NotFoundError: there is no such list of theirs.
        ConflictError: nobody on it can be invited.
    """
    require(actor, Permission.PERSON_INVITE)
    refuse_if_closed()
    check_days(days)
    async with unit_of_work(actor) as uow:
        found = await _get_own(uow, list_id, lock=True)
        if not found.total:
            raise ConflictError(t("Nobody on this list can be invited."))
        if found.status != "draft":
            return
        found.status, found.days, found.locale = "sending", days, locale if locale in LOCALES else actor.locale
        uow.record(INVITATION_LIST_SENT, list_id, after={"count": found.total})
        values = {"workspace_id": str(uow.workspace_id), "list_id": str(list_id)}
        await uow.enqueue(SEND_LIST_TASK, values, lock=f"list:{list_id}")


async def send_lines(workspace_id: UUID, list_id: UUID) -> None:
    """Invite those on a list, some at a time, from where it was left; as whoever asked for it is now."""
    while True:
        actor = await _sender(workspace_id, list_id)
        async with unit_of_work(actor) as uow:
            found = await invitation_queries.get_list(uow, list_id, lock=True)
            if found.status != "sending":
                return
            if actor.may(Permission.PERSON_INVITE):
                await _send_some(uow, found)
            else:
                found.status = "stopped"
            await uow.publish(list_topic(list_id), people_topic(workspace_id))


async def make_links(actor: Actor, list_id: UUID) -> bytes:
    """Links for those on a list who have not joined, as CSV, for whoever passes them on; links before end.

    Raises:
        NotFoundError: there is no such list of theirs.
    """
    require(actor, Permission.PERSON_INVITE)
    refuse_if_closed()
    async with unit_of_work(actor) as uow:
        await _get_own(uow, list_id)
        stored = await role_queries.list_roles(uow)
        rows = [["name", "email", "link"]]
        for invitation in await invitation_queries.list_open_of(uow, list_id):
            if may_give(actor, invitation.role, stored):
                token = new_link(invitation, by_mail=False)
                rows.append([invitation.name, invitation.email or "", link_of(token)])
        uow.record(INVITATION_LIST_SENT, list_id, after={"count": len(rows) - 1})
    return write_table(rows)


def list_topic(list_id: UUID) -> str:
    """The topic of one list's sending."""
    return f"invitations:{list_id}"


@dataclass(frozen=True)
class _Check:
    """What lines are checked against: all of it was asked for once."""

    choices: Choices
    role_names: Mapping[str, str]
    present: set[str]
    invited: set[str]
    emails: Counter[str]

    def line(self, person: ListedPerson) -> ListLine:
        """One line with its role and groups, or what is wrong with it."""
        role = self.role_names.get(person.role.casefold(), "") if person.role else Role.MEMBER.value
        known = {name.casefold(): group_id for group_id, name in self.choices.groups}
        group_ids = [str(known[name.casefold()]) for name in person.groups if name.casefold() in known]
        fault = self._fault(person, role, known)
        return ListLine(
            person.number, _name(person.name), person.email.strip().lower()[:254], role, group_ids,
            ", ".join(person.groups)[:200], fault.as_dict() if fault else {},
        )  # fmt: skip

    def _fault(self, person: ListedPerson, role: str, known: Mapping[str, UUID]) -> Message | None:
        if person.is_garbled:
            return t("A quotation mark is missing or a field is too long.")
        return self._address_fault(person.email.strip().lower()) or self._rights_fault(person, role, known)

    def _address_fault(self, email: str) -> Message | None:
        try:
            checked_email(email)
        except InvalidInputError as wrong:
            return wrong.message
        if self.emails[email] > 1:
            return t("This address is on the list more than once.")
        if email in self.present:
            return t("This person is here already.")
        return t("This person is invited already.") if email in self.invited else None

    def _rights_fault(self, person: ListedPerson, role: str, known: Mapping[str, UUID]) -> Message | None:
        if not role:
            return t("There is no role “{name}”.", name=person.role[:60])
        if role not in dict(self.choices.roles):
            return t("You may not give this role.")
        unknown = next((name for name in person.groups if name.casefold() not in known), None)
        return t("There is no group “{name}” that you may fill.", name=unknown[:60]) if unknown else None


async def _send_some(uow: UnitOfWork, found: InvitationList) -> None:
    lines = [line for line in (ListLine(**each) for each in found.lines) if not line.fault]
    some = lines[found.done : found.done + AT_ONCE]
    emails = [line.email for line in some]
    taken = await roster_queries.list_present(uow, emails) | await invitation_queries.list_invited(uow, emails)
    stored = await role_queries.list_roles(uow)
    groups = {str(row.id) for row in await group_queries.list_groups(uow)}
    able = [line for line in some if line.email not in taken and may_give(uow.actor, line.role, stored)]
    await _invite(uow, found, able, groups)
    found.done += len(some)
    if found.done >= len(lines):
        found.status = "done"


async def _invite(uow: UnitOfWork, found: InvitationList, lines: Sequence[ListLine], groups: set[str]) -> None:
    workspace = await founding_queries.get_workspace_name(uow)
    letters: list[Letter] = []
    for line in lines:
        group_ids = [UUID(group_id) for group_id in line.group_ids if group_id in groups]
        new = NewInvitation(line.role, line.email, line.name, group_ids, found.days, found.locale)
        invitation = draft_invitation(uow, new, line.email, found.id)
        token = new_link(invitation, by_mail=True)
        uow.session.add(invitation)
        uow.record(INVITATION_CREATED, invitation.id, after=facts_of(invitation))
        if invitation.is_mailed:
            letters.append(invitation_letter(invitation, token, by=uow.actor.name, workspace=workspace))
    await send_letters(uow, letters)


async def _sender(workspace_id: UUID, list_id: UUID) -> Actor:
    """Whoever asked for it, as they are now; with no permission at all if they are not there any more."""
    async with unit_of_work(Actor(None, workspace_id, frozenset())) as uow:
        found = await invitation_queries.get_list(uow, list_id)
    try:
        return await resolve_person(workspace_id, found.created_by)
    except NotFoundError:
        return Actor(found.created_by, workspace_id, frozenset())


async def _get_own(uow: UnitOfWork, list_id: UUID, *, lock: bool = False) -> InvitationList:
    found = await invitation_queries.get_list(uow, list_id, lock=lock)
    if found.created_by != uow.account_id:
        raise NotFoundError
    return found


async def _role_names(uow: UnitOfWork) -> dict[str, str]:
    """Keys of roles by all that people call them, in small letters."""
    names = {name.in_locale(locale).casefold(): role.value for role, name in ROLE_NAMES.items() for locale in LOCALES}
    custom = {
        role.name.casefold(): role.key for role in (await role_queries.list_roles(uow)).values() if role.is_custom
    }
    return {**names, **{role.value: role.value for role in Role}, **custom}


def _name(text: str) -> str:
    return checked_name(text) if text.strip() and any(sign.isprintable() for sign in text.strip()) else ""
