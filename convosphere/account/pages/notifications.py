"""The page of what one is told, and of mails."""

import reflex as rx

from convosphere.account.components.frame import account_frame
from convosphere.account.components.mails import mails_section
from convosphere.account.components.told import told_section


def notifications_page() -> rx.Component:
    """How one wants to be told of what, and which mails about the account one wants."""
    return account_frame(told_section(), mails_section())
