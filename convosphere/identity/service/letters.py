"""Mails that carry a link, or that say why there is none."""

from convosphere.core.i18n import t
from convosphere.core.mail.letters import Letter
from convosphere.core.page_routes import SIGN_IN
from convosphere.core.settings import get_settings
from convosphere.identity.models import Account
from convosphere.identity.schemas import IssuedLink
from convosphere.identity.service.links import RECOVERY_MINUTES, VERIFICATION_HOURS

_NOT_ASKED = t("If you did not ask for this, you need not do anything.")


def recovery_letter(account: Account, link: IssuedLink) -> Letter:
    """To somebody who forgot their password."""
    return Letter(
        to=account.email,
        subject=t("Set a new password"),
        paragraphs=(t("Hello {name},", name=account.name), t("here you can set a new password for your account.")),
        locale=account.locale,
        link=link.address,
        link_label=t("Set a new password"),
        closing=(t("The link works once, for {minutes} minutes.", minutes=RECOVERY_MINUTES), _NOT_ASKED),
    )


def verification_letter(account: Account, link: IssuedLink, to: str) -> Letter:
    """To an address that has to be proved, of a new account or as the new one of an account."""
    return Letter(
        to=to,
        subject=t("Confirm your e-mail address"),
        paragraphs=(
            t("Hello {name},", name=account.name),
            t("please confirm that this is the e-mail address of your account."),
        ),
        locale=account.locale,
        link=link.address,
        link_label=t("Confirm e-mail address"),
        closing=(t("The link works once, for {hours} hours.", hours=VERIFICATION_HOURS), _NOT_ASKED),
    )


def known_address_letter(account: Account) -> Letter:
    """To the owner of an account whose address somebody entered as that of another one."""
    return Letter(
        to=account.email,
        subject=t("You have an account already"),
        paragraphs=(
            t("Hello {name},", name=account.name),
            t("somebody, probably you, entered this e-mail address for an account. It has one, so nothing was done."),
        ),
        locale=account.locale,
        link=f"{get_settings().address}{SIGN_IN}",
        link_label=t("Sign in"),
        closing=(_NOT_ASKED,),
    )
