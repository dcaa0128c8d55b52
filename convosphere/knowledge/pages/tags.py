"""The page of tags."""

import reflex as rx

from convosphere.core.page_routes import KNOWLEDGE
from convosphere.core.permissions import Permission
from convosphere.identity.state.sharing_state import SharingState
from convosphere.knowledge.components.bulk import bulk_panel
from convosphere.knowledge.components.rules import rules_dialog
from convosphere.knowledge.components.tag_figures import tag_figures
from convosphere.knowledge.components.tags import SEARCH_DELAY
from convosphere.knowledge.state.rules_state import RulesState
from convosphere.knowledge.state.tag_figures_state import TagFiguresState
from convosphere.knowledge.state.tags_state import TagItem, TagsState
from convosphere.knowledge.tags.schemas import COLOURS
from convosphere.shell.sidebar import person_may
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.dialogs import confirm_dialog, dialog
from convosphere.ui.feedback import empty_state, skeleton_rows
from convosphere.ui.fields import search_field, text_field
from convosphere.ui.i18n import t, tn
from convosphere.ui.layout import breadcrumb, page, page_header
from convosphere.ui.menus import menu, menu_item, menu_separator
from convosphere.ui.tabs import tab, tab_list

Figures = TagFiguresState
Tags = TagsState
Tag = rx.vars.ObjectVar[TagItem]


def tags_page() -> rx.Component:
    """All tags that the person sees, each below the one around it."""
    new = button(t("New tag"), icon="plus", on_click=Tags.ask("new", ""), data_testid="tag-new")
    return page(
        page_header(
            breadcrumb((t("Knowledge"), KNOWLEDGE), current=t("Tags")),
            rx.cond(person_may(Permission.DOCUMENT_WRITE), new),
        ),
        rx.el.div(
            bulk_panel(),
            tab_list(
                tab(t("All tags"), is_selected=~Figures.is_shown, on_click=Figures.show(False), testid="tags-list"),
                tab(t("Figures"), is_selected=Figures.is_shown, on_click=Figures.show(True), testid="tags-figures"),
            ),
            rx.cond(Figures.is_shown, tag_figures(), _tag_list()),
            rules_dialog(),
            _form_dialog(),
            _merge_dialog(),
            _delete_dialog(),
            class_name="knowledge",
        ),
    )


def _tag_list() -> rx.Component:
    nothing = rx.cond(
        Tags.words == "",
        empty_state(t("Tags file documents under words that everybody in the workspace shares.")),
        empty_state(t("No tag is called so."), picture="search"),
    )
    return rx.fragment(
        search_field(t("Find a tag"), on_change=Tags.look_up.debounce(SEARCH_DELAY), data_testid="tags-search"),
        rx.cond(
            Tags.is_loaded,
            rx.cond(Tags.tags.length() > 0, rx.el.ul(rx.foreach(Tags.tags, _tag), class_name="tag-lines"), nothing),
            skeleton_rows(6),
        ),
    )


def _tag(tag: Tag) -> rx.Component:
    return rx.el.li(
        rx.el.span(tag.name, class_name="tag", dir="auto", data_colour=tag.colour),
        rx.cond(tag.is_restricted, rx.icon("lock", size=14, aria_label=t("Only some may use it"))),
        rx.el.span(
            tn("{count} document", "{count} documents", tag.documents), class_name="quiet tabular tag-documents"
        ),
        rx.el.span(tag.description, class_name="quiet tag-words", dir="auto"),
        rx.cond(tag.synonyms != "", rx.el.span(t("also: {words}", words=tag.synonyms), class_name="quiet tag-words")),
        rx.cond(
            tag.can_edit & person_may(Permission.DOCUMENT_WRITE),
            _menu(tag),
            rx.cond(tag.can_use & person_may(Permission.DOCUMENT_WRITE), _rules(tag)),
        ),
        class_name="tag-line",
        style={"--depth": tag.depth},
        data_testid="tag-row",
        data_tag_id=tag.id,
        data_name=tag.name,
    )


def _rules(tag: Tag) -> rx.Component:
    """What whoever may use a tag and not change it can do here."""
    return icon_button("wand-sparkles", t("Rules for “{name}”", name=tag.name), size=16,
                       on_click=RulesState.open(tag.id, tag.name), data_testid="tag-rules")  # fmt: skip


def _menu(tag: Tag) -> rx.Component:
    share = menu_item(
        t("Who may use it"), icon="user-plus", on_select=SharingState.open("tag", tag.id), data_testid="tag-share"
    )
    return menu(
        icon_button("ellipsis", t("More about “{title}”", title=tag.name), size=16, tooltip=False,
                    data_testid="tag-menu"),
        menu_item(t("Edit"), icon="pencil", on_select=Tags.ask("edit", tag.id), data_testid="tag-edit"),
        menu_item(t("New tag within it"), icon="plus", on_select=Tags.ask("new", tag.id), data_testid="tag-inner"),
        menu_item(t("Rules"), icon="wand-sparkles", on_select=RulesState.open(tag.id, tag.name),
                  data_testid="tag-rules"),
        menu_item(t("Merge into another one"), icon="merge", on_select=Tags.ask("merge", tag.id),
                  data_testid="tag-merge"),
        rx.cond(person_may(Permission.DOCUMENT_SHARE), share),
        menu_separator(),
        menu_item(t("Delete"), icon="trash-2", tone="bad", on_select=Tags.ask("delete", tag.id),
                  data_testid="tag-delete"),
    )  # fmt: skip


def _form_dialog() -> rx.Component:
    tag, is_new = Tags.tag, Tags.asked == "new"
    return dialog(
        rx.cond(is_new, t("New tag"), t("Edit tag")),
        rx.el.form(
            text_field(t("Name"), name="tag-name", default_value=tag.name, max_length=60, required=True,
                       auto_focus=True, data_testid="tag-name"),
            text_field(t("What it is for"), name="tag-description", default_value=tag.description, max_length=500,
                       data_testid="tag-description"),
            text_field(t("Synonyms"), name="tag-synonyms", default_value=tag.synonyms,
                       help_text=t("Other words that it is found by, with commas between them."),
                       data_testid="tag-synonyms"),
            text_field(t("Colour"), name="tag-colour", control=_colours()),
            text_field(t("Within"), name="tag-parent", control=_parents()),
            rx.el.label(
                rx.checkbox(name="tag-restricted", default_checked=tag.is_restricted, data_testid="tag-restricted"),
                t("Only people who are given it may use it"),
                class_name="bulk-only",
            ),
            rx.el.div(
                rx.dialog.close(button(t("Cancel"))),
                button(rx.cond(is_new, t("Create"), t("Save")), weight="primary", type="submit",
                       data_testid="tag-save"),
                class_name="dialog-acts",
            ),
            on_submit=Tags.keep,
            class_name="tag-fields",
        ),
        open=is_new | (Tags.asked == "edit"),
        on_open_change=Tags.close,
    )  # fmt: skip


def _colours() -> rx.Component:
    names = {
        "gray": t("Gray"), "red": t("Red"), "orange": t("Orange"), "amber": t("Yellow"), "green": t("Green"),
        "teal": t("Teal"), "blue": t("Blue"), "violet": t("Violet"), "pink": t("Pink"),
    }  # fmt: skip
    options = [rx.el.option(names[colour], value=colour) for colour in COLOURS]
    return rx.el.select(
        *options, id="tag-colour", name="tag-colour", default_value=Tags.tag.colour, class_name="select",
        data_testid="tag-colour",
    )  # fmt: skip


def _parents() -> rx.Component:
    return rx.el.select(
        rx.el.option(t("No other tag"), value=""),
        rx.foreach(Tags.targets, lambda tag: rx.el.option(tag.name, value=tag.id)),
        id="tag-parent",
        name="tag-parent",
        default_value=Tags.tag.parent_id,
        class_name="select",
        data_testid="tag-parent",
    )


def _merge_dialog() -> rx.Component:
    return dialog(
        t("Merge “{name}” into", name=Tags.tag.name),
        rx.el.p(
            t("All documents get the other tag. This name becomes a synonym of it. This cannot be undone."),
            class_name="dialog-text",
        ),
        rx.el.div(rx.foreach(Tags.targets, _target), class_name="choice-lines"),
        open=Tags.asked == "merge",
        on_open_change=Tags.close,
    )


def _target(tag: Tag) -> rx.Component:
    return rx.el.button(
        rx.el.span(tag.name, class_name="tag", dir="auto", data_colour=tag.colour),
        type="button",
        class_name="choice-line",
        on_click=Tags.merge(tag.id),
        data_testid="tag-target",
        custom_attrs={"data-tag-id": tag.id},
    )


def _delete_dialog() -> rx.Component:
    return confirm_dialog(
        t("Delete the tag “{name}”?", name=Tags.tag.name),
        tn("It is taken off {count} document that you see, and off those that others see. Tags within it stay.",
           "It is taken off {count} documents that you see, and off those that others see. Tags within it stay.",
           Tags.tag.documents),
        confirm_label=t("Delete tag"),
        on_confirm=Tags.delete,
        confirm_testid="tag-delete-confirm",
        open=Tags.asked == "delete",
        on_open_change=Tags.close,
    )  # fmt: skip
