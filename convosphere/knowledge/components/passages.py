"""What the machine reads of a document, and what is known of it."""

import reflex as rx

from convosphere.core.page_routes import KNOWLEDGE_PASSAGES
from convosphere.core.permissions import Permission
from convosphere.knowledge.components.metadata import edit_metadata
from convosphere.knowledge.components.status import language_words, words
from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.state.document_state import DocumentState
from convosphere.knowledge.state.items import PassageItem
from convosphere.shell.sidebar import person_may
from convosphere.ui.buttons import button
from convosphere.ui.feedback import empty_state, notice, skeleton_rows
from convosphere.ui.i18n import exact_time, format_bytes, format_full_day, format_number, t, t_message
from convosphere.ui.passage import passage

Passage = rx.vars.ObjectVar[PassageItem]


def passages() -> rx.Component:
    """The text by passage, as it is searched and quoted, where nothing else is shown of a document."""
    return rx.fragment(rx.el.h2(t("What the machine reads"), class_name="section-title"), passage_list())


def passage_list() -> rx.Component:
    """The text by passage, below a tab that says what it is."""
    shown = DocumentState
    return rx.el.section(
        rx.cond(person_may(Permission.KNOWLEDGE_MANAGE), rx.link(t("How texts are cut"), href=KNOWLEDGE_PASSAGES)),
        rx.cond(
            shown.has_earlier,
            button(
                t("Show earlier passages"),
                weight="quiet",
                on_click=DocumentState.show_earlier,
                data_testid="passage-earlier",
            ),
        ),
        rx.cond(
            shown.passages.length() > 0,
            rx.el.ol(rx.foreach(shown.passages, _passage), class_name="passages"),
            rx.cond(
                shown.row.status == "failed",
                empty_state(t("Nothing could be read."), picture="lost"),
                skeleton_rows(4, "72px"),
            ),
        ),
        rx.cond(
            shown.has_more,
            button(t("Show more"), weight="quiet", on_click=DocumentState.show_more, data_testid="passage-more"),
        ),
        class_name="document-text",
    )


def warnings() -> rx.Component:
    """What was left out or guessed while reading."""
    return rx.foreach(
        DocumentState.detail.warnings, lambda warning: notice(t_message(warning), data_testid="document-warning")
    )


def facts() -> rx.Component:
    """What is known of the document."""
    row, detail = DocumentState.row, DocumentState.detail
    known = detail.metadata
    return rx.el.section(
        rx.el.div(
            rx.el.h2(t("About this document"), class_name="section-title"),
            rx.cond(row.can_edit, edit_metadata()),
            class_name="facts-head",
        ),
        rx.el.dl(
            _fact(t("Title"), known.title, known.title_from),
            _fact(t("Author"), known.author, known.author_from),
            _fact(t("Date"), format_full_day(known.dated_on), known.dated_from),
            _fact(t("Language"), language_words(known.language), known.language_from),
            _fact(t("Review on"), format_full_day(known.review_on)),
            _fact(t("Reviewed"), format_full_day(known.reviewed_on)),
            _fact(t("Folder"), row.folder),
            _fact(t("File"), detail.file_name),
            _fact(t("Kind"), row.kind),
            _fact(t("Size"), format_bytes(row.size)),
            rx.cond(row.pages.to(int) > 0, _fact(t("Pages"), format_number(row.pages))),
            rx.cond(detail.passages.to(int) > 0, _fact(t("Passages"), format_number(detail.passages))),
            rx.cond(detail.characters.to(int) > 0, _fact(t("Characters"), format_number(detail.characters))),
            _fact(t("From"), row.owner),
            rx.el.div(rx.el.dt(t("Added")), rx.el.dd(exact_time(row.created_at)), class_name="fact"),
            rx.foreach(detail.properties, lambda pair: _fact(_property(pair[0].to(str)), pair[1].to(str))),
            class_name="facts",
        ),
    )


def _passage(item: Passage) -> rx.Component:
    is_markdown = DocumentState.row.kind == DocumentType.MARKDOWN.value
    return rx.el.li(
        rx.el.div(
            rx.el.span(item.number, class_name="tabular"),
            rx.cond(item.page.to(int) > 0, rx.el.span(t("Page {page}", page=item.page))),
            rx.cond(item.time != "", rx.el.span(item.time, class_name="tabular", data_testid="passage-time")),
            rx.cond(item.is_description, rx.el.span(t("A model says that the picture shows this"))),
            rx.cond(item.heading != "", rx.el.span(item.heading, dir="auto")),
            class_name="passage-head quiet",
        ),
        passage(item.text, is_markdown=is_markdown, class_name="passage-words"),
        class_name="passage",
        data_testid="passage",
        data_n=item.number,
    )


def _fact(label: rx.Var[str], value: rx.Var[str], origin: rx.Var[str] | None = None) -> rx.Component:
    """Something that is known, and where it comes from."""
    source = [] if origin is None else [rx.cond(origin != "", rx.el.span(_origin(origin), class_name="fact-origin"))]
    return rx.cond(
        value != "",
        rx.el.div(
            rx.el.dt(label), rx.el.dd(rx.el.span(value, dir="auto"), *source), class_name="fact", data_fact=label
        ),
        rx.fragment(),
    )


def _origin(code: rx.Var[str]) -> rx.Var[str]:
    return words(
        code,
        ("file", t("as the file says")),
        ("heading", t("from the first heading")),
        ("name", t("from the name of the file")),
        ("text", t("recognised in the text")),
        ("person", t("entered by hand")),
    )


def _property(name: rx.Var[str]) -> rx.Var[str]:
    return words(name, ("subject", t("Subject")), ("keywords", t("Keywords")))
