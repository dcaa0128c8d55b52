"""Pieces of the pages before sign-in."""

import reflex as rx

from convosphere.ui.buttons import Text, button
from convosphere.ui.fields import text_field
from convosphere.ui.i18n import t
from convosphere.ui.layout import auth_card
from convosphere.ui.preferences import preference_menus


class PostForm(rx.Component):
    """A form that posts to a route which sets the session cookie, see `assets/forms.js`."""

    library = "$/public/forms.js"
    tag = "PostForm"
    action: rx.Var[str]
    offline: rx.Var[str]
    error_test_id: rx.Var[str]
    done_test_id: rx.Var[str]


class _PasswordMeter(rx.Component):
    library = "$/public/password.js"
    tag = "PasswordMeter"
    field: rx.Var[str]
    label: rx.Var[str]
    words: rx.Var[list[str]]


def entry_page(
    title: Text,
    *fields: rx.Component,
    action: str,
    area: str,
    submit: Text,
    other_way: rx.Component | None = None,
    foot: rx.Component | None = None,
) -> rx.Component:
    """A card with one form, and another way to the same end below it; `area` is the first part of its test ids."""
    form = PostForm.create(
        *fields,
        button(submit, weight="primary", type="submit", size="3", width="100%", data_testid=f"{area}-submit"),
        action=action,
        offline=t("The server does not answer. Please try again in a moment."),
        error_test_id=f"{area}-error",
        done_test_id=f"{area}-done",
    )
    body = form if other_way is None else rx.fragment(form, rx.el.hr(class_name="auth-rule"), other_way)
    return auth_card(title, body, choices=preference_menus(), foot=foot)


def name_field(area: str) -> rx.Component:
    """The person's name."""
    return text_field(
        t("Your name"), name="name", required=True, auto_complete="name", max_length=100, data_testid=f"{area}-name"
    )


def email_field(area: str) -> rx.Component:
    """The address that an account is known by."""
    return text_field(
        t("E-mail address"),
        name="email",
        type="email",
        required=True,
        auto_complete="username",
        data_testid=f"{area}-email",
    )


def new_password_field(testid: str, *, label: Text | None = None) -> rx.Component:
    """A password to be chosen, with a bar that says how strong it is."""
    return rx.fragment(
        text_field(
            t("Password") if label is None else label,
            name="password",
            type="password",
            required=True,
            min_length=8,
            max_length=128,
            auto_complete="new-password",
            help_text=t("At least 8 characters. A few words in a row are good."),
            data_testid=testid,
        ),
        password_meter("password"),
    )


def password_meter(field: str) -> rx.Component:
    """How strong the password in a field of the same form is, as a bar and in words."""
    words = [t("Very weak"), t("Weak"), t("Fair"), t("Good"), t("Strong")]
    return _PasswordMeter.create(field=field, label=t("Strength of the password"), words=rx.Var.create(words))


def password_field(area: str, *, label: Text | None = None) -> rx.Component:
    """The password of an account."""
    return text_field(
        t("Password") if label is None else label,
        name="password",
        type="password",
        required=True,
        auto_complete="current-password",
        data_testid=f"{area}-password",
    )
