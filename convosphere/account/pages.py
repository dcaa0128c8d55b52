"""The pages of one's own account."""

import reflex as rx

from convosphere.account.components.devices import devices_section
from convosphere.account.components.factors import factor_sections
from convosphere.account.components.frame import account_frame
from convosphere.account.components.keys import keys_section
from convosphere.account.components.leaving import leaving_section
from convosphere.account.components.mails import mails_section
from convosphere.account.components.password import password_section
from convosphere.account.components.profile import preferences_section, profile_section
from convosphere.account.components.usage import usage_sections


def profile_page() -> rx.Component:
    """Who one is: name, picture, language, time zone, look."""
    return account_frame(profile_section(), preferences_section())


def security_page() -> rx.Component:
    """What one proves oneself with, and where one is signed in."""
    return account_frame(factor_sections(), password_section(), devices_section(), keys_section(), leaving_section())


def notifications_page() -> rx.Component:
    """Which mail one wants."""
    return account_frame(mails_section())


def own_usage_page() -> rx.Component:
    """What one used and what it cost."""
    return account_frame(usage_sections())
