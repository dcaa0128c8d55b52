"""The page of sources."""

import reflex as rx

from convosphere.core.page_routes import KNOWLEDGE, document
from convosphere.core.permissions import Permission
from convosphere.knowledge.components.source_form import source_dialog
from convosphere.knowledge.components.status import words
from convosphere.knowledge.sources.kinds import KINDS
from convosphere.knowledge.state.source_form_state import SourceFormState
from convosphere.knowledge.state.source_items import RunItem, SourceItem, SourceResultItem
from convosphere.knowledge.state.sources_state import SourcesState
from convosphere.shell.sidebar import person_may
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.dialogs import dialog
from convosphere.ui.feedback import empty_state, skeleton_rows, status_word
from convosphere.ui.i18n import exact_time, format_bytes, format_date, t, t_message, tn
from convosphere.ui.layout import breadcrumb, page, page_header, side_panel
from convosphere.ui.lists import pager
from convosphere.ui.menus import menu, menu_item, menu_separator
from convosphere.ui.theme import Tone

Sources = SourcesState
Item = rx.vars.ObjectVar[SourceItem]
Run = rx.vars.ObjectVar[RunItem]


def sources_page() -> rx.Component:
    """All sources of the person, each with its last run; one opens beside them with its history."""
    new = button(t("New source"), icon="plus", on_click=SourceFormState.ask, data_testid="source-new")
    nothing = empty_state(
        t("Documents can come by themselves, from web sites, feeds and other places, and stay up to date."),
        rx.cond(person_may(Permission.SOURCE_WRITE), new),
    )
    return page(
        page_header(
            breadcrumb((t("Knowledge"), KNOWLEDGE), current=t("Sources")),
            rx.cond((Sources.sources.length() > 0) & person_may(Permission.SOURCE_WRITE), new),
        ),
        rx.el.div(
            rx.cond(
                Sources.is_loaded,
                rx.cond(
                    Sources.sources.length() > 0,
                    rx.el.ul(rx.foreach(Sources.sources, _source), class_name="bulk-jobs"),
                    nothing,
                ),
                skeleton_rows(6),
            ),
            source_dialog(),
            _delete_dialog(),
            class_name="knowledge",
        ),
        panel=_history(),
    )


def _source(item: Item) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            _icon(item.kind),
            rx.el.span(
                rx.el.span(item.name, class_name="strong", dir="auto"),
                rx.el.span(item.place, class_name="quiet source-place", dir="auto"),
                class_name="source-words",
            ),
            type="button",
            class_name="bulk-job source-open",
            on_click=Sources.open(item.id),
            data_testid="source-open",
        ),
        rx.el.span(
            rx.cond(item.state == "paused", status_word(t("Paused"), "attention"), _run_state(item.last.to(RunItem))),
            rx.el.span(tn("{count} document", "{count} documents", item.documents), class_name="quiet tabular"),
            rx.el.span(_schedule(item), class_name="quiet"),
            class_name="source-facts",
        ),
        rx.cond(person_may(Permission.SOURCE_WRITE), _acts(item)),
        class_name="bulk-line source-line",
        data_testid="source-row",
        data_name=item.name,
        data_state=item.state,
        data_run=item.last.state,
    )  # fmt: skip


def _icon(kind: rx.Var[str]) -> rx.Component:
    pictures = [(each.key, rx.icon(each.icon, size=18, aria_hidden="true")) for each in KINDS.values()]
    return rx.fragment(rx.match(kind, *pictures, rx.icon("file", size=18, aria_hidden="true")))


def _run_state(run: Run) -> rx.Component:
    tones: dict[str, Tone] = {"done": "neutral", "failed": "bad", "cancelled": "attention"}
    return rx.cond(
        run.id == "",
        rx.fragment(),
        status_word(
            words(
                run.state,
                ("running", t("Being read")),
                ("done", t("Read")),
                ("failed", t("Could not be read")),
                ("cancelled", t("Stopped")),
            ),
            words(run.state, *tones.items(), ("", "accent")),
            is_busy=run.state == "running",
        ),
    )


def _schedule(item: Item) -> rx.Var[str]:
    named = words(
        item.schedule,
        ("hourly", t("Every hour")),
        ("daily", t("Every day")),
        ("weekly", t("Every week")),
        ("manual", t("Only when I say so")),
    )
    return rx.cond(item.next_run_at != "", t("next on {date}", date=format_date(item.next_run_at)), named)


def _acts(item: Item) -> rx.Component:
    is_running = item.last.state == "running"
    return rx.el.div(
        rx.cond(
            is_running,
            button(t("Stop"), icon="square", on_click=Sources.stop(item.id), data_testid="source-stop"),
            button(t("Read now"), icon="refresh-cw", on_click=Sources.run_now(item.id), data_testid="source-run"),
        ),
        menu(
            icon_button("ellipsis", t("More about “{title}”", title=item.name), size=16, tooltip=False,
                        data_testid="source-menu"),
            menu_item(t("Edit"), icon="pencil", on_select=SourceFormState.edit(item.id), data_testid="source-edit"),
            menu_item(t("Runs and reports"), icon="list-checks", on_select=Sources.open(item.id)),
            rx.cond(
                item.state == "paused",
                menu_item(t("Go on"), icon="play", on_select=Sources.pause(item.id, False),
                          data_testid="source-resume"),
                menu_item(t("Pause"), icon="pause", on_select=Sources.pause(item.id, True), data_testid="source-pause"),
            ),
            menu_separator(),
            menu_item(t("Delete"), icon="trash-2", tone="bad", on_select=Sources.ask(item.id),
                      data_testid="source-delete"),
        ),
        class_name="bulk-acts",
    )  # fmt: skip


def _history() -> rx.Component:
    run = Sources.run
    reported = run.added.to(int) + run.changed.to(int) + run.gone.to(int) + run.failed.to(int)
    return side_panel(
        Sources.shown.name,
        rx.el.p(Sources.shown.place, class_name="quiet source-place", dir="auto"),
        rx.cond(
            Sources.runs.length() > 0,
            rx.fragment(
                rx.el.ul(rx.foreach(Sources.runs, _run), class_name="bulk-jobs source-runs"),
                _counts(run),
                rx.cond(run.note.contains("text"), rx.el.p(t_message(run.note), class_name="document-error")),
                rx.el.ul(rx.foreach(Sources.results, _result), class_name="bulk-results"),
                pager(Sources.first, Sources.results.length(), reported.to(int), Sources.turn_page),
            ),
            empty_state(t("It was not read yet.")),
        ),
        is_open=Sources.shown.id != "",
        on_close=Sources.close,
        testid="source-history",
    )


def _run(run: Run) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            _run_state(run),
            rx.el.span(exact_time(run.started_at), class_name="quiet"),
            type="button",
            class_name="choice-line",
            aria_current=rx.cond(run.id == Sources.run.id, "true", "false"),
            on_click=Sources.open_run(run.id),
            data_testid="source-run-row",
        ),
    )


def _counts(run: Run) -> rx.Component:
    told = (
        ("added", t("New"), run.added),
        ("changed", t("Changed"), run.changed),
        ("unchanged", t("Unchanged"), run.unchanged),
        ("gone", t("Gone"), run.gone),
        ("failed", t("Failed"), run.failed),
    )
    return rx.fragment(
        rx.el.dl(
            *(
                rx.el.div(rx.el.dt(label), rx.el.dd(count, data_testid=f"source-{key}"), class_name="source-count")
                for key, label, count in told
            ),
            class_name="source-counts tabular",
        ),
        rx.cond(
            run.seconds.to(int) >= 0,
            rx.el.p(
                tn(
                    "{size} read in {count} second.",
                    "{size} read in {count} seconds.",
                    run.seconds,
                    size=format_bytes(run.bytes),
                ),
                class_name="quiet tabular",
            ),
        ),
    )


def _result(item: rx.vars.ObjectVar[SourceResultItem]) -> rx.Component:
    return rx.el.li(
        rx.cond(
            item.document_id != "",
            rx.link(item.name, href=document(f"{item.document_id}"), class_name="bulk-name", dir="auto"),
            rx.el.span(item.name, class_name="bulk-name", dir="auto", title=item.key),
        ),
        rx.el.span(
            words(
                item.outcome,
                ("added", t("New")),
                ("changed", t("Changed")),
                ("gone", t("Gone; its document is in the trash")),
                ("failed", t_message(item.error)),
            ),
            class_name=rx.cond(item.outcome == "failed", "document-error", "quiet"),
        ),
        data_testid="source-result",
        data_outcome=item.outcome,
    )


def _delete_dialog() -> rx.Component:
    doomed = Sources.doomed
    return dialog(
        t("Delete the source “{name}”?", name=doomed.name),
        rx.el.p(
            tn("{count} document came of it. It can stay as it is, without being read again, or go to the trash.",
               "{count} documents came of it. They can stay as they are, without being read again, or go to the trash.",
               doomed.documents),
            class_name="dialog-text",
        ),
        rx.el.div(
            rx.dialog.close(button(t("Cancel"))),
            button(t("Delete, keep documents"), tone="bad", on_click=Sources.delete(False),
                   data_testid="source-delete-keep"),
            button(t("Delete with documents"), tone="bad", weight="primary", on_click=Sources.delete(True),
                   data_testid="source-delete-all"),
            class_name="dialog-acts",
        ),
        open=doomed.id != "",
        on_open_change=Sources.leave,
    )  # fmt: skip
