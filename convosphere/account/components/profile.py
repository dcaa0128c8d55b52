"""What one is called, and how one wants things to be."""

import reflex as rx

from convosphere.account.components.face import face
from convosphere.account.state.profile_state import ProfileState
from convosphere.chat.components.reading import rate_select
from convosphere.identity.state.session_state import SessionState
from convosphere.ui import LOCALE_NAMES, current_locale, t, t_message
from convosphere.ui.buttons import button
from convosphere.ui.feedback import notice
from convosphere.ui.fields import form_column, form_section, text_field
from convosphere.ui.i18n import set_locale
from convosphere.ui.preferences import choice_row, density_choices, theme_choices, zone_select


def profile_section() -> rx.Component:
    """Picture, name and address."""
    return form_section(t("Profile"), face(), _name(), _email())


def preferences_section() -> rx.Component:
    """Language, time zone, look: each is kept as soon as it is chosen."""
    rows = [
        (locale, rx.el.span(name, lang=locale), "languages", set_locale(locale, SessionState.keep_locale))
        for locale, name in LOCALE_NAMES.items()
    ]
    zone = zone_select("time_zone", ProfileState.keep_time_zone, "profile-zone")
    return form_section(
        t("Preferences"),
        form_column(
            choice_row(t("Language"), "locale", current_locale(), rows),
            text_field(t("Time zone"), name="time_zone", control=zone),
            theme_choices(SessionState.keep_theme),
            density_choices(ProfileState.keep_density),
            _follow_ups(),
            text_field(
                t("Reading aloud"),
                name="speech_rate",
                control=rate_select("speech_rate", "profile-speech-rate"),
                help_text=t(
                    "How fast answers are read aloud. This alone holds in this browser only, as its voices do."
                ),
            ),
        ),
        note=t("They hold on all your devices, at once."),
    )


def _follow_ups() -> rx.Component:
    switch = rx.switch(
        checked=ProfileState.has_follow_ups,
        on_change=ProfileState.keep_follow_ups,
        data_testid="profile-follow-ups",
    )
    return rx.el.label(rx.el.span(t("Suggest questions that may follow an answer")), switch, class_name="switch-line")


def _name() -> rx.Component:
    return form_column(
        text_field(
            t("Your name"),
            name="profile_name",
            key=ProfileState.name,
            default_value=ProfileState.name,
            required=True,
            max_length=100,
            auto_complete="name",
            error=t_message(ProfileState.name_error),
            data_testid="profile-name",
        ),
        rx.el.div(button(t("Save"), weight="primary", type="submit", data_testid="profile-save")),
        on_submit=ProfileState.rename,
    )


def _email() -> rx.Component:
    return form_column(
        text_field(
            t("E-mail address"),
            name="profile_email",
            type="email",
            key=ProfileState.email,
            default_value=ProfileState.email,
            required=True,
            auto_complete="email",
            disabled=~ProfileState.may_change_email,
            help_text=_email_help(),
            error=t_message(ProfileState.email_error),
            data_testid="profile-email",
        ),
        rx.cond(
            ProfileState.email_told,
            notice(t_message(ProfileState.email_told), tone="accent", icon="mail", data_testid="profile-email-told"),
        ),
        rx.el.div(
            rx.cond(
                ProfileState.may_change_email,
                button(t("Change e-mail address"), type="submit", data_testid="profile-email-save"),
            )
        ),
        on_submit=ProfileState.ask_for_email,
    )


def _email_help() -> rx.Var[str]:
    return rx.cond(
        ProfileState.is_mail_possible,
        t("The new address gets a link to confirm it; the present one is told."),
        rx.cond(
            ProfileState.may_change_email,
            t("This installation sends no mail: the address is changed at once."),
            t("This installation sends no mail. An administrator can change your address."),
        ),
    )
