"""What a person fills in for an account."""

from convosphere.core.i18n import LOCALES
from convosphere.core.settings import get_settings
from convosphere.identity.schemas import NewAccount
from convosphere.identity.service.people import checked_email, checked_name
from convosphere.identity.strength import check_password


def checked_account(new: NewAccount, team: str = "") -> NewAccount:
    """What a person filled in, as it is stored; their password is not made of their name, address or team.

    Raises:
        InvalidInputError: says what cannot be taken.
    """
    check_password(new.password, new.name, new.email, team)
    locale = new.locale if new.locale in LOCALES else get_settings().default_locale
    return NewAccount(checked_name(new.name), checked_email(new.email), new.password, locale)
