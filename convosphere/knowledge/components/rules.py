"""The rules of a tag: what they ask, why some rest, and the one that is being written with what it would do."""

import reflex as rx

from convosphere.core.permissions import Permission
from convosphere.knowledge.components.status import words
from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.state.rule_items import PartItem, RuleItem
from convosphere.knowledge.state.rules_state import RulesState
from convosphere.shell.sidebar import person_may
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.dialogs import dialog
from convosphere.ui.feedback import notice
from convosphere.ui.i18n import t, t_message, tn
from convosphere.ui.menus import menu, menu_item

Rules = RulesState
Part = rx.vars.ObjectVar[PartItem]
Rule = rx.vars.ObjectVar[RuleItem]
TYPING_DELAY = 400


def rules_dialog() -> rx.Component:
    """Opened from the menu of a tag."""
    return dialog(
        t("Rules for “{name}”", name=Rules.tag_name),
        rx.cond(Rules.is_writing, _editor(), _list()),
        open=Rules.tag_id != "",
        on_open_change=Rules.close,
    )


def _list() -> rx.Component:
    new = button(t("New rule"), icon="plus", weight="primary", on_click=Rules.write(""), data_testid="rule-new")
    return rx.fragment(
        rx.el.p(
            t("A rule puts the tag on each new or changed document that fits and that whoever made it may change."),
            class_name="dialog-text",
        ),
        rx.el.ul(rx.foreach(Rules.rules, _rule), class_name="rule-lines"),
        rx.el.div(
            rx.dialog.close(button(t("Close"))), rx.cond(person_may(Permission.DOCUMENT_WRITE), new),
            class_name="dialog-acts",
        ),
    )  # fmt: skip


def _rule(rule: Rule) -> rx.Component:
    join = rx.cond(rule.is_any, t("or"), t("and"))
    return rx.el.li(
        rx.el.div(
            rx.foreach(
                rule.parts,
                lambda part, index: rx.el.span(
                    rx.cond(index > 0, rx.el.span(join, " ", class_name="quiet")), _words(part), " ", dir="auto"
                ),
            ),
            rx.cond(~rule.is_own, rx.el.p(t("from {name}", name=rule.owner), class_name="quiet")),
            rx.cond(
                rule.resting.length() > 0,
                rx.el.p(t_message(rule.resting), class_name="rule-resting", data_testid="rule-resting"),
            ),
            class_name="rule-words",
        ),
        rx.cond(person_may(Permission.DOCUMENT_WRITE), _acts(rule)),
        class_name="rule-line",
        data_testid="rule-row",
    )


def _words(part: Part) -> rx.Component:
    folder = rx.cond(part.label != "", part.label, t("a folder that you cannot see"))
    below = rx.cond(part.with_below, t("lies in “{name}” or below", name=folder), t("lies in “{name}”", name=folder))
    return rx.el.span(
        words(
            part.kind,
            ("folder", below),
            ("kind", t("is of the kind {name}", name=part.value)),
            ("author", t("is by {name}", name=part.value)),
            ("words", t("says “{words}”", words=part.value)),
        )
    )


def _acts(rule: Rule) -> rx.Component:
    pause = menu_item(
        rx.cond(rule.is_paused, t("Go on"), t("Pause")), icon="pause", data_testid="rule-pause",
        on_select=Rules.pause(rule.id, ~rule.is_paused),
    )  # fmt: skip
    edit = menu_item(t("Edit"), icon="pencil", on_select=Rules.write(rule.id), data_testid="rule-edit")
    return menu(
        icon_button("ellipsis", t("More about this rule"), size=16, tooltip=False, data_testid="rule-menu"),
        rx.cond(rule.is_own, rx.fragment(edit, pause)),
        menu_item(t("Delete"), icon="trash-2", tone="bad", on_select=Rules.delete(rule.id), data_testid="rule-delete"),
    )


def _editor() -> rx.Component:
    preview = Rules.preview
    return rx.el.div(
        rx.cond(Rules.draft.parts.length() > 1, _join()),
        rx.el.div(rx.foreach(Rules.draft.parts, _part), class_name="rule-parts"),
        _more(),
        rx.cond(preview.is_known, _preview()),
        rx.el.div(
            button(t("Back"), on_click=Rules.stop_writing, data_testid="rule-back"),
            button(t("Keep for new documents"), on_click=Rules.keep(False), disabled=~preview.is_known,
                   data_testid="rule-keep"),
            button(t("Keep and tag now"), weight="primary", on_click=Rules.keep(True),
                   disabled=~preview.is_known | (preview.total.to(int) == 0), data_testid="rule-apply"),
            class_name="dialog-acts",
        ),
        class_name="rule-editor",
    )  # fmt: skip


def _join() -> rx.Component:
    return rx.el.label(
        rx.el.span(t("A document fits if it meets"), class_name="quiet"),
        rx.el.select(
            rx.el.option(t("all of these"), value="all"),
            rx.el.option(t("any of these"), value="any"),
            value=rx.cond(Rules.draft.is_any, "any", "all"),
            on_change=Rules.join,
            class_name="select",
            data_testid="rule-join",
        ),
        class_name="rule-join",
    )


def _part(part: Part, index: rx.Var[int]) -> rx.Component:
    return rx.el.div(
        rx.match(
            part.kind,
            ("folder", _folder(part, index)),
            ("kind", _kind(part, index)),
            ("author", _author(part, index)),
            _typed(part, index, t("Words in the name, title or text"), "rule-words"),
        ),
        icon_button("x", t("Remove this condition"), size=16, on_click=Rules.remove_part(index),
                    data_testid="rule-part-remove"),
        class_name="rule-part",
    )  # fmt: skip


def _folder(part: Part, index: rx.Var[int]) -> rx.Component:
    return rx.el.div(
        _choice(
            t("Folder"), part, index,
            rx.foreach(Rules.folders, lambda folder: rx.el.option(folder[1], value=folder[0])), "rule-folder",
        ),
        rx.el.label(
            rx.checkbox(checked=part.with_below, on_change=lambda below: Rules.set_below(index, below)),
            t("and folders within it"),
            class_name="bulk-only",
        ),
        class_name="rule-folder",
    )  # fmt: skip


def _kind(part: Part, index: rx.Var[int]) -> rx.Component:
    options = rx.fragment(*(rx.el.option(kind.value, value=kind.value) for kind in DocumentType))
    return _choice(t("Kind"), part, index, options, "rule-kind")


def _author(part: Part, index: rx.Var[int]) -> rx.Component:
    return rx.fragment(
        _typed(part, index, t("Author"), "rule-author", {"list": "rule-authors"}),
        rx.el.datalist(rx.foreach(Rules.authors, lambda name: rx.el.option(value=name)), id="rule-authors"),
    )


def _choice(label: rx.Var[str], part: Part, index: rx.Var[int], options: rx.Component, testid: str) -> rx.Component:
    return rx.el.label(
        rx.el.span(label, class_name="field-label"),
        rx.el.select(
            rx.el.option(t("Choose"), value=""), options, value=part.value,
            on_change=lambda value: Rules.fill_in(index, value), class_name="select", data_testid=testid,
        ),
        class_name="rule-field",
    )  # fmt: skip


def _typed(
    part: Part, index: rx.Var[int], label: rx.Var[str], testid: str, attributes: dict[str, str] | None = None
) -> rx.Component:
    return rx.el.label(
        rx.el.span(label, class_name="field-label"),
        rx.el.input(
            default_value=part.value, max_length=200, class_name="select", data_testid=testid,
            on_change=lambda value: Rules.fill_in(index, value).debounce(TYPING_DELAY),
            custom_attrs=attributes or {},
        ),
        class_name="rule-field",
    )  # fmt: skip


def _more() -> rx.Component:
    kinds = {
        "words": (t("Words"), "text-search"), "folder": (t("Folder"), "folder"), "kind": (t("Kind"), "file"),
        "author": (t("Author"), "user"),
    }  # fmt: skip
    return menu(
        button(t("Add a condition"), icon="plus", weight="quiet", data_testid="rule-part-add"),
        *(
            menu_item(label, icon=icon, on_select=Rules.add_part(kind), data_testid=f"rule-add-{kind}")
            for kind, (label, icon) in kinds.items()
        ),
    )


def _preview() -> rx.Component:
    found = Rules.preview
    return rx.el.section(
        rx.el.p(
            tn("Would be put on {count} document now", "Would be put on {count} documents now", found.total),
            class_name="strong",
            data_testid="rule-preview",
            role="status",
        ),
        rx.el.ul(rx.foreach(found.names, lambda name: rx.el.li(name, dir="auto")), class_name="rule-names"),
        rx.cond(
            found.more.to(int) > 0,
            rx.el.p(tn("and {count} more", "and {count} more", found.more), class_name="quiet"),
        ),
        rx.cond(
            found.tagged.to(int) > 0,
            rx.el.p(tn("{count} that fits has it already.", "{count} that fit have it already.", found.tagged),
                    class_name="quiet"),
        ),
        rx.cond(
            found.refused.to(int) > 0,
            notice(
                tn("{count} that fits is left out: somebody said that the tag does not fit it.",
                   "{count} that fit are left out: somebody said that the tag does not fit them.", found.refused),
                tone="neutral", icon="info",
            ),
        ),
        class_name="rule-preview",
    )  # fmt: skip
