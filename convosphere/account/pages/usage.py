"""The page of one's own usage."""

import reflex as rx

from convosphere.account.components.frame import account_frame
from convosphere.account.components.usage import export_button, usage_sections


def own_usage_page() -> rx.Component:
    """What one used and what it cost."""
    return account_frame(usage_sections(), act=export_button())
