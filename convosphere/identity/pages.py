"""Set-up, sign-in and sign-up."""

import reflex as rx

from convosphere.core.page_routes import FORGOT, SIGN_IN
from convosphere.identity.components.entry import (
    email_field,
    entry_page,
    name_field,
    new_password_field,
    password_field,
)
from convosphere.identity.components.passkeys import passkey_way
from convosphere.identity.state.entry_state import EntryState
from convosphere.ui.feedback import notice
from convosphere.ui.fields import text_field
from convosphere.ui.i18n import t


def set_up_page() -> rx.Component:
    """Founds the workspace; the address carries the one-time token."""
    return entry_page(
        t("Set up ConvoSphere"),
        rx.el.p(
            t("You are the first one here. This account manages everything; you invite the others afterwards."),
            class_name="quiet auth-note",
        ),
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
        new_password_field("setup-password"),
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
        other_way=passkey_way(t("Sign in with a passkey"), action="/auth/passkey", testid="login-passkey"),
        foot=_forgot(),
    )


def second_step_page() -> rx.Component:
    """For those whose password was right, and who have a second factor; the address says which."""
    ways = EntryState.ways
    return entry_page(
        t("Confirm that it is you"),
        text_field(
            t("Code"),
            name="code",
            required=True,
            auto_complete="one-time-code",
            max_length=40,
            help_text=rx.cond(
                ways.contains("totp"),
                t("The six figures that your app shows now, or one of your recovery codes."),
                t("One of your recovery codes."),
            ),
            data_testid="login-code",
        ),
        action="/auth/sign-in/code",
        area="login-code",
        submit=t("Confirm"),
        other_way=rx.cond(
            ways.contains("passkey"),
            passkey_way(t("Use a passkey"), action="/auth/sign-in/passkey", testid="login-code-passkey"),
        ),
        foot=_back(),
    )


def sign_up_page() -> rx.Component:
    """For those who were invited, or anybody where sign-up is open."""
    return entry_page(
        t("Create account"),
        name_field("signup"),
        email_field("signup"),
        new_password_field("signup-password"),
        action="/auth/sign-up",
        area="signup",
        submit=t("Create account"),
        foot=rx.el.p(t("You have an account?"), " ", rx.link(t("Sign in"), href=SIGN_IN, underline="always")),
    )


def forgot_page() -> rx.Component:
    """Asks for a link for a new password."""
    return entry_page(
        t("Forgot your password?"),
        rx.el.p(
            t("Enter the e-mail address of your account. You get a link to set a new password."), class_name="quiet"
        ),
        email_field("forgot"),
        action="/auth/recover",
        area="forgot",
        submit=t("Send link"),
        foot=_back(),
    )


def recover_page() -> rx.Component:
    """Sets a new password; the address carries the one-time token."""
    return entry_page(
        t("Set a new password"),
        new_password_field("recover-password"),
        action="/auth/recover/password",
        area="recover",
        submit=t("Set password"),
        foot=_back(),
    )


def verify_page() -> rx.Component:
    """Confirms an address; the address of the page carries the one-time token."""
    return entry_page(
        t("Confirm your e-mail address"),
        rx.el.p(
            t("You have opened the link that we sent you. One click, and the address is confirmed."), class_name="quiet"
        ),
        action="/auth/verify",
        area="verify",
        submit=t("Confirm e-mail address"),
        foot=_back(),
    )


def _back() -> rx.Component:
    return rx.el.p(rx.link(t("Back to sign-in"), href=SIGN_IN, underline="always"))


def _forgot() -> rx.Component:
    return rx.cond(
        EntryState.is_mail_possible,
        rx.el.p(rx.link(t("Forgot your password?"), href=FORGOT, underline="always", data_testid="forgot-open")),
        rx.el.p(
            t("Forgot your password? Ask an administrator of your team for a link."), data_testid="forgot-without-mail"
        ),
    )
