"""The page of the profile."""

import reflex as rx

from convosphere.account.components.frame import account_frame
from convosphere.account.components.profile import preferences_section, profile_section


def profile_page() -> rx.Component:
    """Who one is: name, picture, language, time zone, look."""
    return account_frame(profile_section(), preferences_section())
