"""What all pages of one's own account have in common."""

from typing import Any

import reflex as rx

from convosphere.core import page_routes as routes
from convosphere.ui import t
from convosphere.ui.sections import Section, section_page


def account_frame(*content: rx.Component, **props: Any) -> rx.Component:
    """A page of the account with the ways to the others."""
    sections = [
        Section(t("Profile"), "user-round", routes.ACCOUNT, "account-profile"),
        Section(t("Security"), "shield-check", routes.SECURITY, "account-security"),
        Section(t("Usage"), "chart-column", routes.OWN_USAGE, "account-usage"),
        Section(t("Notifications"), "bell", routes.NOTIFICATIONS, "account-notifications"),
    ]
    return section_page(t("My account"), sections, *content, **props)
