"""Mails that tell a person what happened to their account, each of a kind that is registered here.

Those about security come whatever one wants: whoever took an account over must not be able to switch them off.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from convosphere.core.i18n import Message, Value, t
from convosphere.core.mail.letters import Letter
from convosphere.core.mail.sending import is_mail_possible, send_letter
from convosphere.core.page_routes import SECURITY
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.models import Account


@dataclass(frozen=True)
class NoticeKind:
    """One kind of mail. `{name}` in its texts is filled with what `tell` is given.

    Args:
        key: its name in `Account.muted_mails`.
        label: what the page of notifications calls it.
        is_security: it cannot be muted, and says what to do if it was not oneself.
    """

    key: str
    label: Message
    subject: Message
    text: Message
    is_security: bool = False


NEW_SIGN_IN: Final = NoticeKind(
    "new_sign_in",
    t("Somebody signs in to my account from an unknown device"),
    t("New sign-in to your account"),
    t("Your account was signed in to from a device that was not seen before: {device}, address {address}."),
)
ROLE_CHANGED: Final = NoticeKind(
    "role_changed",
    t("My role changes"),
    t("Your role has changed"),
    t("{by} changed your role. What you may do now stands in ConvoSphere."),
)
PASSWORD_CHANGED: Final = NoticeKind(
    "password_changed",
    t("My password changes"),
    t("Your password was changed"),
    t("The password of your account was changed."),
    is_security=True,
)
EMAIL_CHANGE_ASKED: Final = NoticeKind(
    "email_change_asked",
    t("Another e-mail address is to be mine"),
    t("Your e-mail address is to be changed"),
    t("Somebody who is signed in to your account wants its e-mail address to be {email} from now on."),
    is_security=True,
)
EMAIL_CHANGED: Final = NoticeKind(
    "email_changed",
    t("My e-mail address changes"),
    t("Your e-mail address was changed"),
    t("The e-mail address of your account is {email} now. Nothing more is sent to this one."),
    is_security=True,
)
FACTOR_CHANGED: Final = NoticeKind(
    "factor_changed",
    t("A second factor or a passkey is added or removed"),
    t("What protects your account has changed"),
    t("The ways in which you prove who you are were changed: a second factor or a passkey was added or removed."),
    is_security=True,
)

NOTICES: Final[dict[str, NoticeKind]] = {
    kind.key: kind
    for kind in (NEW_SIGN_IN, ROLE_CHANGED, PASSWORD_CHANGED, EMAIL_CHANGE_ASKED, EMAIL_CHANGED, FACTOR_CHANGED)
}
"""All of them, as the page of notifications lists them."""

_WARNING = t("If that was not you, sign in now, change your password and end all sessions, or tell an administrator.")


async def tell(uow: UnitOfWork, account: Account, kind: NoticeKind, *, to: str = "", **values: Value) -> None:
    """Send a person the mail of a kind when the unit commits, unless they muted it or no mail can be sent.

    Args:
        to: another address than the account's, such as the one that it had before.
        values: what fills the kind's texts.
    """
    if not is_mail_possible() or (kind.key in account.muted_mails and not kind.is_security):
        return
    is_warning = kind.is_security or kind is NEW_SIGN_IN
    letter = Letter(
        to=to or account.email,
        subject=kind.subject,
        paragraphs=(Message(kind.text.text, values),),
        locale=account.locale,
        link=f"{get_settings().address}{SECURITY}",
        link_label=t("Look at the security of my account"),
        closing=(_WARNING,) if is_warning else (),
    )
    await send_letter(uow, letter)


async def tell_role_changed(uow: UnitOfWork, account_id: UUID) -> None:
    """Tell somebody that the unit's actor, if it is another person, has made them something else."""
    if uow.actor.account_id not in (None, account_id):
        await tell(uow, await uow.session.get_one(Account, account_id), ROLE_CHANGED, by=uow.actor.name)
