"""The rules of accounts."""

from convosphere.core.audit.actions import ACCOUNT_CREATED
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import LOCALES, t
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.models import Account
from convosphere.identity.queries import people as people_queries
from convosphere.identity.schemas import NewAccount

NAME_LENGTH = 100


async def set_locale(actor: Actor, locale: str) -> None:
    """Keep the language that a person chose."""
    require(actor, Permission.ACCOUNT_WRITE)
    if locale not in LOCALES:
        raise InvalidInputError(t("This language is not there."))
    async with unit_of_work(actor) as uow:
        await people_queries.set_locale(uow, locale)


async def add_account(
    uow: UnitOfWork, new: NewAccount, password_hash: str, role: str, *, by_themselves: bool = True
) -> Account:
    """Store a checked account as a member of the unit's workspace.

    Args:
        by_themselves: whether the trail says that it made itself, or else that the unit's actor made it.
    """
    account = await people_queries.add_account(
        uow, email=new.email, name=new.name, password_hash=password_hash, locale=new.locale, role=role
    )
    by = Actor(account.id, uow.workspace_id, frozenset(), name=account.name) if by_themselves else None
    uow.record(ACCOUNT_CREATED, account.id, label=account.name, after={"role": role}, by=by)
    return account


def checked_email(text: str) -> str:
    """An address as it is stored.

    Raises:
        InvalidInputError: it is none.
    """
    email = normalised_email(text)
    local_part, _, domain = email.partition("@")
    if not local_part or "." not in domain.strip(".") or len(email) > 254 or any(part.isspace() for part in email):
        raise InvalidInputError(t("Please enter an e-mail address such as name@example.org."))
    return email


def normalised_email(text: str) -> str:
    """An address as it is looked up."""
    return text.strip().lower()


def checked_name(text: str) -> str:
    """A name as it is stored: one line of printable signs.

    Raises:
        InvalidInputError: nothing is left.
    """
    name = " ".join("".join(character for character in text if character.isprintable()).split())[:NAME_LENGTH]
    if not name:
        raise InvalidInputError(t("Please enter a name."))
    return name
