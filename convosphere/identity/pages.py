"""Set-up, sign-in and sign-up."""

import reflex as rx

from convosphere.identity.components.entry import (
    email_field,
    entry_page,
    name_field,
    new_password_field,
    password_field,
)
from convosphere.identity.state.entry_state import EntryState
from convosphere.ui.feedback import notice
from convosphere.ui.fields import text_field
from convosphere.ui.i18n import t
from convosphere.ui.routes import SIGN_IN


def set_up_page() -> rx.Component:
    """Founds the workspace; the address carries the one-time token."""
    return entry_page(
        t("Set up ConvoSphere"),
        text_field(
            t("Name of your team"),
            name="workspace",
            required=True,
            max_length=100,
            auto_complete="organization",
            data_testid="setup-workspace",
        ),
        name_field("setup"),
        email_field("setup"),
        new_password_field("setup"),
        action="/auth/set-up",
        area="setup",
        submit=t("Create owner account"),
    )


def sign_in_page() -> rx.Component:
    """For those who have an account."""
    return entry_page(
        t("Sign in"),
        rx.cond(
            EntryState.is_founded,
            rx.fragment(),
            notice(t("Nobody owns this installation yet. Open the set-up link from its log; it works for 30 minutes.")),
        ),
        email_field("login"),
        password_field("login"),
        action="/auth/sign-in",
        area="login",
        submit=t("Sign in"),
    )


def sign_up_page() -> rx.Component:
    """For those who were invited, or anybody where sign-up is open."""
    return entry_page(
        t("Create account"),
        name_field("signup"),
        email_field("signup"),
        new_password_field("signup"),
        action="/auth/sign-up",
        area="signup",
        submit=t("Create account"),
        foot=rx.el.p(t("You have an account?"), " ", rx.link(t("Sign in"), href=SIGN_IN, underline="always")),
    )
