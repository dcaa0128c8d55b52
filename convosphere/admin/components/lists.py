"""The dialog that invites a whole list of people."""

import reflex as rx

from convosphere.admin.state.import_state import ImportState, LineItem
from convosphere.identity.components.invitations import days_select, locale_select
from convosphere.identity.people_lists import MOST_BYTES, MOST_LINES
from convosphere.ui import t, t_message, tn
from convosphere.ui.buttons import button
from convosphere.ui.dialogs import dialog
from convosphere.ui.feedback import notice, progress_bar
from convosphere.ui.fields import text_field

Import = ImportState
Line = rx.vars.ObjectVar[LineItem]
_EXAMPLE = "Ada Lovelace,ada@example.org,member,Sales|Berlin"


def _on_read(list_id: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (list_id,)


class _PeopleList(rx.Component):
    library = "$/public/people_list.js"
    tag = "PeopleList"
    file_label: rx.Var[str]
    paste_label: rx.Var[str]
    example: rx.Var[str]
    read_label: rx.Var[str]
    offline: rx.Var[str]
    most_bytes: rx.Var[int]
    too_large: rx.Var[str]
    on_read: rx.EventHandler[_on_read]


class _DownloadForm(rx.Component):
    library = "$/public/people_list.js"
    tag = "DownloadForm"
    action: rx.Var[str]


def import_dialog() -> rx.Component:
    """Takes a list, shows what is wrong with it, and sends it once that is confirmed."""
    return dialog(
        t("Invite a list"),
        rx.cond(Import.status == "", _source()),
        rx.cond(Import.status == "draft", _preview()),
        rx.cond(Import.status == "sending", _progress()),
        rx.cond(Import.status == "done", _end(t("Everybody on the list is invited."), "good")),
        rx.cond(
            Import.status == "stopped",
            _end(t("The sending was stopped, as you may not invite people any more."), "bad"),
        ),
        open=Import.is_open,
        on_open_change=ImportState.show,
    )


def _source() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            t("One line for each person: name, e-mail address, role, groups. Groups are parted by |."),
            " ",
            t("A first line may name the columns. At most {count} lines.", count=MOST_LINES),
            class_name="quiet",
        ),
        _PeopleList.create(
            file_label=t("Choose a CSV file"),
            paste_label=t("Or paste it here"),
            example=_EXAMPLE,
            read_label=t("Check the list"),
            offline=t("The server does not answer. Please try again in a moment."),
            most_bytes=MOST_BYTES,
            too_large=t("A list may have at most {count} megabytes.", count=MOST_BYTES // 1_000_000),
            on_read=ImportState.preview,
        ),
        class_name="form-column",
    )


def _preview() -> rx.Component:
    return rx.el.form(
        rx.el.p(
            tn("{count} person will be invited.", "{count} people will be invited.", Import.good),
            rx.cond(
                Import.faulty > 0,
                rx.fragment(" ", tn("{count} line is left out.", "{count} lines are left out.", Import.faulty)),
            ),
            " ",
            t("Nothing has been sent yet."),
            role="status",
            data_testid="people-list-counts",
            data_good=Import.good,
            data_faulty=Import.faulty,
        ),
        rx.el.ol(rx.foreach(Import.lines, _line), class_name="list-lines", aria_label=t("Lines of the list")),
        rx.el.div(
            text_field(t("Works for"), name="days", control=days_select()),
            rx.cond(Import.is_mailing, text_field(t("Language of the mail"), name="locale", control=locale_select())),
            class_name="invite-choices",
        ),
        rx.el.div(
            button(t("Another list"), on_click=ImportState.start_over),
            button(
                rx.cond(Import.is_mailing, t("Send invitations"), t("Make invitations")),
                weight="primary",
                type="submit",
                disabled=Import.good == 0,
                data_testid="people-list-send",
            ),
            class_name="dialog-acts",
        ),
        on_submit=ImportState.send,
        class_name="form-column",
    )


def _line(line: Line) -> rx.Component:
    role, fault = t_message(rx.Var.create(line.role)), t_message(rx.Var.create(line.fault))
    return rx.el.li(
        rx.el.span(line.number, class_name="quiet tabular list-number"),
        rx.el.div(
            rx.el.span(line.email, class_name="strong", dir="auto"),
            rx.el.span(
                line.name,
                rx.cond((line.name != "") & (role != ""), " · ", ""),
                role,
                rx.cond(line.groups != "", rx.fragment(" · ", line.groups)),
                class_name="quiet",
            ),
            rx.el.span(fault, class_name="field-error"),
            class_name="list-words",
        ),
        class_name="list-line",
        data_testid="people-list-line",
        data_faulty=fault != "",
    )


def _progress() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            t("{done} of {count} are invited. You may close this; it goes on.", done=Import.done, count=Import.good)
        ),
        progress_bar(Import.done, t("Inviting"), total=Import.good),
        class_name="form-column",
        role="status",
        data_testid="people-list-progress",
    )


def _end(words: rx.Var[str], tone: str) -> rx.Component:
    links = _DownloadForm.create(
        rx.el.p(t("No mail can be sent. Take the links along as a file and pass them on; older links stop working.")),
        button(t("Download links"), icon="download", type="submit", data_testid="people-list-links"),
        action=rx.Var.create("/api/people/lists/") + Import.list_id + "/links",
    )
    return rx.el.div(
        notice(
            words, tone="good" if tone == "good" else "bad", icon="circle-check" if tone == "good" else "circle-alert"
        ),
        rx.cond(~Import.is_mailing & (Import.status == "done"), links),
        class_name="form-column",
        data_testid="people-list-end",
        data_status=Import.status,
    )
