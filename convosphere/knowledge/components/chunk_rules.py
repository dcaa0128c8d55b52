"""Collections whose documents are cut in their own way, in the form of how texts are cut."""

import reflex as rx

from convosphere.knowledge.chunking.schemas import LARGEST
from convosphere.knowledge.state.cut_form_state import CutFormState, RuleItem
from convosphere.knowledge.state.found_items import FoundItem
from convosphere.ui.buttons import icon_button
from convosphere.ui.i18n import t

Form = CutFormState
TYPING = 400
"""Milliseconds after the last key, as each look cuts a document."""


def chunk_rules() -> rx.Component:
    """The collections in the order in which they count, and the way to add one."""
    return rx.el.fieldset(
        rx.el.legend(t("Collections that differ"), class_name="field-label"),
        rx.el.ul(rx.foreach(Form.rules, _rule), class_name="plain-lines"),
        rx.cond(
            Form.collections.length() > 0,
            rx.el.select(
                rx.el.option(t("Add a collection"), value=""),
                rx.foreach(Form.collections, _choice),
                value="",
                on_change=Form.add_rule,
                aria_label=t("Add a collection"),
                class_name="select",
                data_testid="chunk-add-rule",
            ),
        ),
        rx.el.p(
            t("A document that lies in several goes by the first of them. What a collection shows by status, age,"
              " citations, reviews or favourites cannot be told when a document is read, so those are not offered."),
            class_name="field-hint",
        ),
        class_name="chunk-rules",
    )  # fmt: skip


def _choice(item: rx.vars.ObjectVar[FoundItem]) -> rx.Component:
    return rx.el.option(item.name, value=item.id)


def _rule(rule: rx.vars.ObjectVar[RuleItem], index: rx.Var[int]) -> rx.Component:
    return rx.el.li(
        rx.el.span(rule.name, class_name="chunk-rule-name", dir="auto"),
        _number(rule, "size", t("Size in tokens"), rule.size),
        _number(rule, "overlap", t("Overlap in tokens"), rule.overlap),
        rx.cond(
            index.to(int) > 0,
            icon_button("arrow-up", t("Move up"), size=16, on_click=Form.raise_rule(rule.id), data_testid="rule-raise"),
        ),
        icon_button("trash-2", t("Remove"), size=16, on_click=Form.remove_rule(rule.id), data_testid="rule-remove"),
        class_name="chunk-rule",
        key=rule.id,
        data_testid="chunk-rule",
        data_name=rule.name,
    )


def _number(rule: rx.vars.ObjectVar[RuleItem], part: str, label: rx.Var[str], value: rx.Var[str]) -> rx.Component:
    return rx.input(
        type="number", default_value=value, min=0, max=LARGEST, step=10, size="2", aria_label=label, title=label,
        on_change=lambda entered: Form.set_rule(rule.id, part, entered).debounce(TYPING),
        data_testid=f"rule-{part}",
    )  # fmt: skip
