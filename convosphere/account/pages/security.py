"""The page of factors, devices and keys."""

import reflex as rx

from convosphere.account.components.devices import devices_section
from convosphere.account.components.factors import factor_sections
from convosphere.account.components.frame import account_frame
from convosphere.account.components.keys import keys_section
from convosphere.account.components.leaving import leaving_section
from convosphere.account.components.password import password_section


def security_page() -> rx.Component:
    """What one proves oneself with, and where one is signed in."""
    return account_frame(factor_sections(), password_section(), devices_section(), keys_section(), leaving_section())
