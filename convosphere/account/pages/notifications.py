"""The page of mails."""

import reflex as rx

from convosphere.account.components.frame import account_frame
from convosphere.account.components.mails import mails_section


def notifications_page() -> rx.Component:
    """Which mail one wants."""
    return account_frame(mails_section())
