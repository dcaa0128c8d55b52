"""Letting people in by one-time links, sent to them or passed on by whoever asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from convosphere.core.audit.actions import INVITATION_CREATED, INVITATION_RENEWED, INVITATION_REVOKED, InvitationFacts
from convosphere.core.authorization import require
from convosphere.core.errors import ForbiddenError, InvalidInputError
from convosphere.core.i18n import LOCALES, Message, t
from convosphere.core.identifiers import hash_token, new_token
from convosphere.core.mail.letters import Letter
from convosphere.core.mail.sending import is_mail_possible, send_letter
from convosphere.core.model import utc_now
from convosphere.core.page_routes import SIGN_UP
from convosphere.core.permissions import Actor, Permission
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.errors import EmailTakenError, SignUpClosedError
from convosphere.identity.models import Invitation, WorkspaceRole
from convosphere.identity.queries import founding as founding_queries
from convosphere.identity.queries import groups as group_queries
from convosphere.identity.queries import invitations as invitation_queries
from convosphere.identity.queries import roles as role_queries
from convosphere.identity.queries import roster as roster_queries
from convosphere.identity.queries.invitations import InvitationRow
from convosphere.identity.roles import ROLE_NAMES, Role, permissions_of
from convosphere.identity.schemas import InvitationLink
from convosphere.identity.service.memberships import people_topic
from convosphere.identity.service.people import NAME_LENGTH, checked_email
from convosphere.identity.service.roles import check_may_give

INVITATION_DAYS = 7
MOST_DAYS = 30
PAGE = 50


@dataclass(frozen=True)
class NewInvitation:
    """Whom to invite as what. Without an address, whoever has the link may use it."""

    role: str
    email: str = ""
    name: str = ""
    group_ids: Sequence[UUID] = ()
    days: int = INVITATION_DAYS
    locale: str = ""


@dataclass(frozen=True)
class InvitationPage:
    """Some open invitations, and how many there are."""

    rows: list[InvitationRow]
    found: int
    next: UUID | None


@dataclass(frozen=True)
class Choices:
    """The roles that the actor may give, by key from the most to the least, and the groups that they may fill."""

    roles: list[tuple[str, Message]]
    groups: list[tuple[UUID, str]]


async def list_choices(actor: Actor) -> Choices:
    """What somebody who invites can choose from."""
    require(actor, Permission.PERSON_INVITE)
    async with unit_of_work(actor) as uow:
        stored = await role_queries.list_roles(uow)
        groups = await group_queries.list_groups(uow)
        fills = [row for row in groups if await _fills(uow, row.id)]
    custom = [(key, Message(role.name)) for key, role in stored.items() if role.is_custom]
    roles = [*((role.value, ROLE_NAMES[role]) for role in Role), *custom]
    return Choices(
        [(key, name) for key, name in roles if may_give(actor, key, stored)], [(row.id, row.name) for row in fills]
    )


def may_give(actor: Actor, key: str, stored: Mapping[str, WorkspaceRole]) -> bool:
    """Whether a role allows no more than the actor may; a role that is not there is nobody's to give."""
    role = stored.get(key)
    given = permissions_of(key, role.permissions if role and role.is_custom else None)
    return bool(given) and given <= actor.permissions and (key != Role.OWNER or actor.role == Role.OWNER)


async def invite(actor: Actor, new: NewInvitation) -> InvitationLink:
    """Make a one-time link with which somebody joins the actor's workspace, and mail it where that is possible.

    Raises:
        SignUpClosedError: nobody can join.
        ForbiddenError: role or groups give more than the actor may.
        NotFoundError: there is no such role or group.
        EmailTakenError: the address has an account.
    """
    require(actor, Permission.PERSON_INVITE)
    refuse_if_closed()
    email = checked_email(new.email) if new.email.strip() else ""
    check_days(new.days)
    if new.role == Role.OWNER and not email:
        raise InvalidInputError(t("An owner is invited by their e-mail address."))
    async with unit_of_work(actor) as uow:
        await check_may_give(uow, new.role)
        await check_may_put_into(uow, new.group_ids)
        if email and await roster_queries.list_present(uow, [email]):
            raise EmailTakenError(t("There is an account with this e-mail address already."))
        invitation = draft_invitation(uow, new, email)
        if email:
            await invitation_queries.revoke_of(uow, email)  # One link for each address, the last that was made.
        await invitation_queries.add_invitation(uow, invitation)
        link = await issue(uow, invitation, by_mail=True)
        uow.record(INVITATION_CREATED, invitation.id, after=facts_of(invitation))
        await uow.publish(people_topic(uow.workspace_id))
    return link


async def list_open(actor: Actor, words: str = "", before: UUID | None = None) -> InvitationPage:
    """Invitations that nobody has used, the newest first."""
    require(actor, Permission.PERSON_INVITE)
    async with unit_of_work(actor) as uow:
        rows = await invitation_queries.list_open(uow, words.strip()[:200], before, PAGE + 1)
        found = await invitation_queries.count_open(uow, words.strip()[:200])
    return InvitationPage(rows[:PAGE], found, rows[PAGE - 1].id if len(rows) > PAGE else None)


async def renew(actor: Actor, invitation_id: UUID, *, by_mail: bool) -> InvitationLink:
    """Make a new link of an invitation, for as long as the first, and send or show it; the old one works no more.

    Raises:
        NotFoundError: it was used or revoked, or never was.
        ForbiddenError: it gives more than the actor may.
        InvalidInputError: it is to be sent, and there is no address or no mail server.
    """
    require(actor, Permission.PERSON_INVITE)
    refuse_if_closed()
    async with unit_of_work(actor) as uow:
        invitation = await invitation_queries.get_open(uow, invitation_id)
        await check_may_give(uow, invitation.role)
        await check_may_put_into(uow, await _existing(uow, invitation.group_ids))
        if by_mail and not (invitation.email and is_mail_possible()):
            raise InvalidInputError(t("This invitation cannot be sent by mail. Please copy its link."))
        lasted = invitation.expires_at - invitation.created_at
        # It is the actor's from now on: theirs are the rights that it passes on.
        invitation.created_by, invitation.created_at = uow.account_id, utc_now()
        invitation.expires_at = invitation.created_at + lasted
        link = await issue(uow, invitation, by_mail=by_mail)
        uow.record(INVITATION_RENEWED, invitation.id, after=facts_of(invitation))
        await uow.publish(people_topic(uow.workspace_id))
    return link


async def revoke(actor: Actor, invitation_id: UUID) -> None:
    """Make an invitation useless.

    Raises:
        NotFoundError: it was used or revoked, or never was.
    """
    require(actor, Permission.PERSON_INVITE)
    async with unit_of_work(actor) as uow:
        invitation = await invitation_queries.get_open(uow, invitation_id)
        invitation.revoked_at = utc_now()
        uow.record(INVITATION_REVOKED, invitation.id, after=facts_of(invitation))
        await uow.publish(people_topic(uow.workspace_id))


def draft_invitation(uow: UnitOfWork, new: NewInvitation, email: str, list_id: UUID | None = None) -> Invitation:
    """An invitation as it is stored, still without a link."""
    return Invitation(
        workspace_id=uow.workspace_id, token_hash=hash_token(new_token()), email=email or None, role=new.role,
        created_by=uow.account_id, expires_at=utc_now() + timedelta(days=new.days), group_ids=list(new.group_ids),
        locale=new.locale if new.locale in LOCALES else uow.actor.locale, name=new.name.strip()[:NAME_LENGTH],
        list_id=list_id,
    )  # fmt: skip


async def issue(uow: UnitOfWork, invitation: Invitation, *, by_mail: bool) -> InvitationLink:
    """Give an invitation a link, and send it or hand it over."""
    token = new_link(invitation, by_mail=by_mail)
    if invitation.is_mailed:
        workspace = await founding_queries.get_workspace_name(uow)
        await send_letter(uow, invitation_letter(invitation, token, by=uow.actor.name, workspace=workspace))
    shown = "" if invitation.is_mailed else token
    return InvitationLink(shown, invitation.expires_at, is_mailed=invitation.is_mailed)


def new_link(invitation: Invitation, *, by_mail: bool) -> str:
    """The token of an invitation's one link. One that is mailed is its reader's alone, and so proves their address."""
    token = new_token()
    invitation.token_hash = hash_token(token)
    invitation.is_mailed = bool(by_mail and invitation.email and is_mail_possible())
    return token


def link_of(token: str) -> str:
    """The address that a token is used at."""
    return f"{get_settings().address}{SIGN_UP}?token={token}"


def refuse_if_closed() -> None:
    """Check that people can join.

    Raises:
        SignUpClosedError: they cannot.
    """
    if get_settings().sign_up == "closed":
        raise SignUpClosedError(t("Nobody new can join here."))


def check_days(days: int) -> None:
    """Check how long a link is to work.

    Raises:
        InvalidInputError: too short or too long.
    """
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInputError(t("An invitation works for 1 to {count} days.", count=MOST_DAYS))


async def check_may_put_into(uow: UnitOfWork, group_ids: Sequence[UUID]) -> None:
    """Refuse to put people into groups that the actor does not manage.

    Raises:
        NotFoundError: there is no such group.
        ForbiddenError: it is not for the actor to change it.
    """
    for group_id in group_ids:
        await group_queries.get_group(uow, group_id)
        if not await _fills(uow, group_id):
            raise ForbiddenError(t("You may not add people to this group."))


async def _fills(uow: UnitOfWork, group_id: UUID) -> bool:
    return uow.actor.may(Permission.GROUP_MANAGE) or await group_queries.is_manager(uow, group_id)


async def _existing(uow: UnitOfWork, group_ids: Sequence[UUID]) -> list[UUID]:
    known = {row.id for row in await group_queries.list_groups(uow)} if group_ids else set[UUID]()
    return [group_id for group_id in group_ids if group_id in known]


def invitation_letter(invitation: Invitation, token: str, *, by: str, workspace: str) -> Letter:
    """What somebody who is invited reads."""
    days = max(round((invitation.expires_at - utc_now()) / timedelta(days=1)), 1)
    hello = (t("Hello {name},", name=invitation.name),) if invitation.name else ()
    invites = t("{by} invites you to work together in “{workspace}”.", by=by, workspace=workspace)
    return Letter(
        to=invitation.email or "",
        subject=t("Invitation to “{workspace}”", workspace=workspace),
        paragraphs=(*hello, invites),
        locale=invitation.locale,
        link=link_of(token),
        link_label=t("Create account"),
        closing=(
            t("The link works once and for this address alone, for {days} days.", days=days),
            t("If you do not know what this is about, you need not do anything."),
        ),
    )


def facts_of(invitation: Invitation) -> InvitationFacts:
    """What the trail keeps of an invitation."""
    expires_at = invitation.expires_at.isoformat(timespec="seconds")
    return InvitationFacts(role=invitation.role, email=invitation.email or "", expires_at=expires_at)
