"""Work on many documents: what is asked before, how far it is, and what became of it."""

import reflex as rx

from convosphere.core.page_routes import KNOWLEDGE_JOBS
from convosphere.knowledge.components.status import words
from convosphere.knowledge.components.tags import tag_chooser
from convosphere.knowledge.state.bulk_items import JobItem
from convosphere.knowledge.state.bulk_state import BulkState, PersonItem
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.dialogs import dialog
from convosphere.ui.feedback import progress_bar
from convosphere.ui.fields import search_field
from convosphere.ui.i18n import format_bytes, t, t_message, tn

Job = rx.vars.ObjectVar[JobItem]
Asked = BulkState.asked
SEARCH_DELAY = 200


def act_words(act: rx.Var[str]) -> rx.Var[str]:
    """What a job does, in a word or two."""
    return words(
        act,
        ("trash", t("Move to the trash")),
        ("restore", t("Take out of the trash")),
        ("delete", t("Delete for good")),
        ("reprocess", t("Read again")),
        ("describe", t("Describe pictures")),
        ("embed", t("Make vectors anew")),
        ("share", t("Share")),
        ("unshare", t("Only me")),
        ("owner", t("Set owner")),
        ("review", t("Set review date")),
        ("tag", t("Add a tag")),
        ("untag", t("Take off a tag")),
        ("rule", t("Tag by a rule")),
        ("move", t("Move to a folder")),
        ("download", t("Download")),
        ("export", t("Export table")),
        ("undo_trash", t("Undo: move to the trash")),
        ("undo_restore", t("Undo: take out of the trash")),
        ("undo_share", t("Undo: share")),
        ("undo_unshare", t("Undo: only me")),
        ("undo_owner", t("Undo: set owner")),
        ("undo_review", t("Undo: set review date")),
        ("undo_tag", t("Undo: add a tag")),
        ("undo_untag", t("Undo: take off a tag")),
        ("undo_rule", t("Undo: tag by a rule")),
        ("undo_move", t("Undo: move to a folder")),
    )


def state_words(job: Job) -> rx.Var[str]:
    """How far it is, in words."""
    waits = rx.cond(
        job.is_file & (job.done.to(int) == 0),
        t("Ready to be saved"),
        t("{done} of {total}", done=job.done, total=job.total),
    )
    return words(
        job.state,
        ("running", waits),
        ("done", t("Done: {count}", count=job.done.to(int) - job.failed.to(int))),
        ("cancelled", t("Cancelled after {done} of {total}", done=job.done, total=job.total)),
        ("failed", t("Failed after {done} of {total}", done=job.done, total=job.total)),
    )


def bulk_dialog() -> rx.Component:
    """What it would touch and who else sees that, before it begins."""
    act = Asked.act
    return dialog(
        act_words(act),
        rx.el.p(_about(), class_name="dialog-text", data_testid="bulk-preview"),
        rx.cond(Asked.refused.to(int) > 0, _refused()),
        rx.fragment(
            rx.match(
                act,
                ("share", _people(with_everyone=True)),
                ("owner", _people(with_everyone=False)),
                ("review", _day()),
                ("tag", tag_chooser(with_new=True)),
                ("untag", tag_chooser(with_new=False)),
                _confirm(),
            )
        ),
        open=act != "",
        on_open_change=BulkState.close,
    )


def _about() -> rx.Component:
    allowed = Asked.allowed.to(int)
    return rx.fragment(
        tn("{count} document, {size}.", "{count} documents, {size}.", allowed, size=format_bytes(Asked.bytes)),
        rx.cond(
            Asked.for_everyone.to(int) > 0,
            rx.fragment(" ", t("Everyone in the workspace sees {count} of them.", count=Asked.for_everyone)),
        ),
        rx.cond(
            Asked.for_some.to(int) > 0,
            rx.fragment(" ", t("Some people see {count} of them.", count=Asked.for_some)),
        ),
        " ",
        words(
            Asked.act,
            ("trash", t("For 30 days you can take them out of the trash. Nobody finds or cites them meanwhile.")),
            ("delete", t("File, text, and everything found in them go. This cannot be undone.")),
            ("restore", t("They are found and cited again by whoever saw them before.")),
            ("reprocess", t("What was read of them is found and cited until then. Archives stay as they are.")),
            ("embed", t("Until the new vectors are there, they are found by their words.")),
            ("unshare", t("What was given to others is taken back. You can undo it.")),
            ("owner", t("You go on to manage them.")),
            ("download", t("They come as one ZIP file, in their folders.")),
            ("export", t("What is known of them comes as a table (CSV).")),
            ("", rx.Var.create("")),
        ),
    )  # fmt: skip


def _refused() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            tn("{count} is left out, since you may not do this with it:",
               "{count} are left out, since you may not do this with them:", Asked.refused)
        ),
        rx.el.ul(rx.foreach(Asked.refused_names, lambda name: rx.el.li(name, dir="auto"))),
        class_name="bulk-refused",
        data_testid="bulk-refused",
    )  # fmt: skip


def _confirm() -> rx.Component:
    is_bad = (Asked.act == "delete") | (Asked.act == "trash")
    plain = button(act_words(Asked.act), weight="primary", on_click=BulkState.begin({}), data_testid="bulk-confirm")
    bad = button(
        act_words(Asked.act), weight="primary", tone="bad", on_click=BulkState.begin({}), data_testid="bulk-confirm"
    )
    return rx.el.div(rx.dialog.close(button(t("Cancel"))), rx.cond(is_bad, bad, plain), class_name="dialog-acts")


def _day() -> rx.Component:
    return rx.el.form(
        rx.el.label(
            t("Day, or none"),
            rx.el.input(type="date", name="review_on", class_name="select", data_testid="bulk-day"),
            class_name="bulk-day",
        ),
        rx.el.div(
            rx.dialog.close(button(t("Cancel"))),
            button(t("Save"), weight="primary", type="submit", data_testid="bulk-confirm"),
            class_name="dialog-acts",
        ),
        on_submit=BulkState.begin,
    )


def _people(*, with_everyone: bool) -> rx.Component:
    everyone = button(
        t("Everyone in the workspace"), icon="users",
        on_click=BulkState.begin({"subject_type": "everyone"}), data_testid="bulk-everyone",
    )  # fmt: skip
    return rx.el.div(
        *([everyone] if with_everyone else []),
        search_field(
            t("Search people and groups") if with_everyone else t("Search people"),
            on_change=BulkState.look_up.debounce(SEARCH_DELAY),
            data_testid="bulk-people-search",
        ),
        rx.foreach(BulkState.found, _subject if with_everyone else _owner),
        class_name="bulk-people",
    )


def _subject(item: rx.vars.ObjectVar[PersonItem]) -> rx.Component:
    return _person(item, {"subject_type": item.type, "subject_id": item.id})


def _owner(item: rx.vars.ObjectVar[PersonItem]) -> rx.Component:
    return _person(item, {"owner_id": item.id})


def _person(item: rx.vars.ObjectVar[PersonItem], form: dict[str, rx.Var[str]]) -> rx.Component:
    group, person = rx.icon("users", size=16, aria_hidden="true"), rx.icon("user", size=16, aria_hidden="true")
    return rx.el.button(
        rx.cond(item.type == "group", group, person),
        rx.el.span(item.name, dir="auto"),
        rx.el.span(item.email, class_name="quiet"),
        type="button",
        class_name="choice-line",
        on_click=BulkState.begin(form),  # pyright: ignore[reportArgumentType]  # Vars become texts on their way.
        data_testid="bulk-person",
    )


def bulk_panel() -> rx.Component:
    """The latest work: how far it is, what became of it, and what can be done about that."""
    job = BulkState.job
    return rx.cond(
        job.id != "",
        rx.el.section(
            rx.el.div(
                rx.el.span(act_words(job.act), class_name="strong"),
                rx.el.span(state_words(job), class_name="tabular", data_testid="bulk-state", data_state=job.state),
                rx.cond(
                    job.failed.to(int) > 0,
                    rx.link(
                        tn("{count} could not be done", "{count} could not be done", job.failed), href=KNOWLEDGE_JOBS,
                        data_testid="bulk-failed",
                    ),
                ),
                class_name="bulk-words",
                role="status",
            ),
            rx.cond(
                (job.state == "running") & ~(job.is_file & (job.done.to(int) == 0)),
                progress_bar(job.done, t("Progress"), total=job.total),
            ),
            rx.cond(job.error.length() > 0, rx.el.p(t_message(job.error), class_name="document-error")),
            rx.el.div(*job_acts(job), icon_button("x", t("Dismiss"), on_click=BulkState.dismiss, size=16,
                                                   data_testid="bulk-dismiss"), class_name="bulk-acts"),
            class_name="bulk-panel",
            aria_label=t("Work on many documents"),
            data_testid="bulk-panel",
        ),
    )  # fmt: skip


def job_acts(job: Job) -> list[rx.Component]:
    """What can be done about a job."""
    save = rx.el.a(
        rx.icon("download", size=16, aria_hidden="true"),
        t("Save file"),
        href=f"/api/documents/bulk/{job.id}/file",
        download=True,
        class_name="bulk-file",
        custom_attrs={"reloadDocument": True},  # It is no page of the frontend's router.
        data_testid="bulk-save",
    )
    return [
        rx.cond(job.is_file & (job.state != "cancelled"), save),
        rx.cond(
            job.state == "running",
            button(t("Cancel"), weight="quiet", on_click=BulkState.cancel(job.id), data_testid="job-cancel"),
        ),
        rx.cond(
            (job.state != "running") & (job.failed.to(int) > 0) & ~job.is_file,
            button(t("Try again"), weight="quiet", on_click=BulkState.retry(job.id), data_testid="job-retry"),
        ),
        rx.cond(
            job.can_undo,
            button(t("Undo"), weight="quiet", tone="accent", on_click=BulkState.undo(job.id), data_testid="bulk-undo"),
        ),
    ]
