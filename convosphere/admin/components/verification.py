"""Whether anybody has altered the trail, in words."""

import reflex as rx

from convosphere.admin.state.verification_state import VerificationState
from convosphere.ui.buttons import button
from convosphere.ui.feedback import notice, spinner
from convosphere.ui.i18n import exact_time, format_date, t, t_message, tn

Verification = VerificationState


def verify_button() -> rx.Component:
    """Asks for it."""
    return button(
        t("Verify"),
        icon="shield-check",
        on_click=Verification.verify,
        disabled=Verification.is_running,
        data_testid="audit-verify",
    )


def verification_result() -> rx.Component:
    """What was found the last time."""
    found = Verification.found
    is_sound = found.faults.length() == 0
    return rx.el.div(
        rx.cond(
            Verification.is_running,
            rx.el.p(spinner(), t("Every entry is being checked."), class_name="audit-checking", role="status"),
            rx.cond(
                found.at != "",
                rx.cond(is_sound, _sound(), _broken()),
                rx.el.p(t("Nobody has verified the trail yet."), class_name="quiet"),
            ),
        ),
        class_name="audit-verification",
        data_testid="audit-verification",
        data_state=rx.cond(
            Verification.is_running, "running", rx.cond(found.at == "", "never", rx.cond(is_sound, "sound", "broken"))
        ),
    )


def _sound() -> rx.Component:
    found = Verification.found
    words = tn("{count} entry is as it was written.", "All {count} entries are as they were written.", found.count)
    return rx.fragment(notice(words, tone="good", icon="shield-check"), _when())


def _broken() -> rx.Component:
    found = Verification.found
    return rx.fragment(
        notice(t("Somebody has altered the trail. Keep the log and the file of heads safe."), tone="bad"),
        rx.el.ul(rx.foreach(found.faults, lambda fault: rx.el.li(t_message(fault)))),
        _when(),
    )


def _when() -> rx.Component:
    found = Verification.found
    heads = rx.cond(
        found.newest_head != "",
        t(
            "Heads exist since {since} and were last written {newest}.",
            since=format_date(found.heads_since),
            newest=format_date(found.newest_head),
        ),
        t("There are no heads yet: entries that were cut off at the end could not be found."),
    )
    return rx.el.p(
        t("Asked for by {name}", name=found.who), " · ", exact_time(found.at), " · ", heads, class_name="quiet"
    )
