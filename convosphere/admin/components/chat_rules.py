"""Rules on how long conversations live: whether some are not kept at all, and what becomes of unused ones."""

import reflex as rx

from convosphere.admin.state.chat_rules_state import ChatRulesState
from convosphere.ui import t, tn
from convosphere.ui.buttons import button
from convosphere.ui.feedback import skeleton_rows
from convosphere.ui.fields import form_section, text_field
from convosphere.ui.i18n import format_date, t_message

Rules = ChatRulesState


def chat_rules() -> rx.Component:
    """Both of them."""
    return rx.cond(Rules.is_loaded, rx.fragment(_temporary(), _retention()), skeleton_rows(4))


def _temporary() -> rx.Component:
    choices = {
        "allowed": (t("Allowed"), t("Everybody chooses for each new chat.")),
        "required": (t("Required"), t("No new chat is kept. Those that are there stay, and go on.")),
        "forbidden": (t("Forbidden"), t("Every chat is kept.")),
    }
    rows = [
        rx.el.label(
            rx.el.input(
                type="radio",
                name="temporary-rule",
                value=value,
                checked=Rules.temporary == value,
                on_change=Rules.choose_temporary(value),
                data_testid="temporary-rule",
            ),
            rx.el.span(rx.el.span(label, class_name="strong"), rx.el.span(note, class_name="quiet")),
            class_name="rule-choice",
        )
        for value, (label, note) in choices.items()
    ]
    return form_section(
        t("Temporary chats"),
        rx.el.div(*rows, role="radiogroup", aria_label=t("Temporary chats"), class_name="rule-choices"),
        note=t(
            "They stand in no list, search or export, and are gone when they are closed, at the latest after a day."
            " What they cost is counted."
        ),
    )


def _retention() -> rx.Component:
    days = text_field(
        t("Days without use"),
        name="retention-days",
        help_text=t("Empty: conversations stay for ever."),
        error=t_message(Rules.error),
        default_value=rx.cond(Rules.days > 0, Rules.days.to_string(), ""),
        input_mode="numeric",
        max_length=4,
        data_testid="retention-days",
    )
    act = text_field(
        t("What becomes of them"),
        name="retention-act",
        control=rx.el.select(
            rx.el.option(t("Archive"), value="archive"),
            rx.el.option(t("Delete for good"), value="delete"),
            id="retention-act",
            name="retention-act",
            default_value=Rules.act,
            class_name="select",
            data_testid="retention-act",
        ),
    )
    form = rx.el.form(
        days,
        act,
        _box("retention-pinned", t("Pinned ones stay"), Rules.spares_pinned),
        _box("retention-shared", t("Shared ones stay"), Rules.spares_shared),
        rx.el.div(button(t("Preview"), type="submit", data_testid="retention-preview"), class_name="acts"),
        on_submit=Rules.look_ahead,
        class_name="form-column",
        key=Rules.turn.to_string(),
    )
    return form_section(
        t("Unused conversations"),
        form,
        rx.cond(Rules.preview.contains("total"), _preview()),
        note=t("People see a week before which of their conversations go, and can keep each by one click."),
    )


def _box(name: str, label: rx.Var[str], is_set: rx.Var[bool]) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", name=name, default_checked=is_set, value="yes", data_testid=name),
        rx.el.span(label),
        class_name="rule-box",
    )


def _preview() -> rx.Component:
    """What the rule touches, before it is kept."""
    found = Rules.preview
    touched = tn(
        "{count} conversation has not been used for so long.",
        "{count} conversations have not been used for so long.",
        found["now"],
    )
    people = tn("It belongs to {count} person.", "They belong to {count} people.", found["people"])
    first_day = format_date(Rules.first_at, "date")
    forever = rx.el.p(t("All {count} conversations stay.", count=found["total"]))
    counted = rx.fragment(
        rx.cond(
            found["now"] > 0,
            rx.el.p(touched, " ", people, class_name="strong"),
            rx.el.p(t("There is none now that has not been used for so long."), class_name="strong"),
        ),
        rx.cond(
            found["spared"] > 0,
            rx.el.p(tn("{count} more stays, as it is pinned, shared or archived.",
                       "{count} more stay, as they are pinned, shared or archived.", found["spared"])),
        ),
        rx.cond(
            found["soon"] > 0,
            rx.el.p(tn("{count} more follows within 30 days, if nobody uses it.",
                       "{count} more follow within 30 days, if nobody uses them.", found["soon"])),
        ),
        rx.cond(Rules.first_at != "", rx.el.p(t("Nothing goes before {day}.", day=first_day))),
    )  # fmt: skip
    return rx.el.div(
        rx.cond(Rules.days > 0, counted, forever),
        rx.el.div(
            button(t("Discard"), on_click=Rules.discard, data_testid="retention-discard"),
            button(
                t("Save"),
                weight="primary",
                on_click=Rules.save,
                data_testid="retention-save",
            ),
            class_name="acts",
        ),
        class_name="rule-preview",
        role="status",
        data_testid="retention-result",
        data_now=found["now"],
        data_soon=found["soon"],
        data_spared=found["spared"],
    )
