"""The audit trail: what is asked for, its entries, and one of them in full."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from convosphere.admin.state.audit_items import ChangeItem, EntryItem, SaidItem
from convosphere.admin.state.audit_state import AuditState
from convosphere.core.audit.actions import ACTIONS, Outcome
from convosphere.core.audit.labels import OUTCOMES
from convosphere.ui.buttons import Text, button, icon_button
from convosphere.ui.feedback import empty_state, skeleton_rows, status_word
from convosphere.ui.i18n import current_time_zone, format_date, t, t_message
from convosphere.ui.layout import side_panel
from convosphere.ui.lists import FIRST_ROWS, gradually
from convosphere.ui.menus import menu
from convosphere.ui.theme import Tone

Audit = AuditState
Entry = rx.vars.ObjectVar[EntryItem]
_TYPING = 300
_TONES: dict[Outcome, Tone] = {Outcome.DONE: "good", Outcome.REFUSED: "attention", Outcome.FAILED: "bad"}


def audit_filter() -> rx.Component:
    """What to look for; every change shows at once."""
    actions = [rx.el.option(t(action.label.text), value=name) for name, action in ACTIONS.items()]
    outcomes = [rx.el.option(t(words.text), value=outcome) for outcome, words in OUTCOMES.items()]
    return rx.el.div(
        _field(t("Person"), _search("name", Audit.asked.name)),
        _field(t("Action"), _choice("action", Audit.asked.action, t("All actions"), actions)),
        _field(t("Object"), _search("label", Audit.asked.label)),
        _field(t("Outcome"), _choice("outcome", Audit.asked.outcome, t("Every outcome"), outcomes)),
        _field(t("From"), _day("since", Audit.asked.since)),
        _field(t("Until"), _day("until", Audit.asked.until)),
        rx.cond(Audit.sees_installation, _field(t("Chain"), _chains())),
        button(t("Clear"), icon="x", weight="quiet", on_click=Audit.clear, data_testid="audit-clear"),
        role="search",
        class_name="audit-filter",
        data_testid="audit-filter",
    )


def audit_list() -> rx.Component:
    """The entries of the page, and the ways to older and newer ones."""
    return rx.cond(
        Audit.is_loaded,
        rx.el.div(
            rx.cond(
                Audit.rows.length() > 0,
                rx.el.ol(
                    rx.foreach(gradually(Audit.rows, FIRST_ROWS), _row),
                    class_name="audit-rows",
                    aria_label=t("Audit trail"),
                ),
                empty_state(t("No entry matches."), picture="search"),
            ),
            _pager(),
            class_name="audit-list",
        ),
        skeleton_rows(8, "52px"),
    )


def export_menu() -> rx.Component:
    """Takes what the filter shows along as a file."""
    return menu(
        button(t("Export"), icon="download", data_testid="audit-export"),
        _export(t("For spreadsheets (CSV)"), "csv"),
        _export(t("For programs (JSON lines)"), "jsonl"),
    )


def audit_panel() -> rx.Component:
    """All that is known of the open entry."""
    row, detail = Audit.row, Audit.detail
    return side_panel(
        t_message(row.what),
        rx.el.dl(
            _fact(t("When"), format_date(row.at, "full")),
            _fact(t("Who"), _who(row)),
            _fact(t("What"), rx.el.code(detail.action)),
            rx.cond(row.label != "", _fact(t("Object"), row.label)),
            _fact(t("Outcome"), _outcome(row)),
            _fact(t("By way of"), t_message(row.means)),
            rx.cond(row.address != "", _fact(t("Address"), row.address)),
            rx.cond(detail.program != "", _fact(t("Program"), detail.program)),
            rx.cond(detail.object != "", _fact(t("Id of the object"), rx.el.code(detail.object))),
            rx.cond(detail.account != "", _fact(t("Id of the account"), rx.el.code(detail.account))),
            rx.cond(detail.session != "", _fact(t("Id of the session"), rx.el.code(detail.session))),
            _fact(t("Entry"), rx.el.span(row.sequence, class_name="tabular")),
            _fact(t("Seal"), rx.el.code(detail.seal)),
            class_name="audit-facts",
        ),
        rx.cond(detail.changes.length() > 0, _changes()),
        rx.el.div(
            rx.cond(
                detail.account != "",
                button(t("All of this person"), on_click=Audit.show_all_of("account"), data_testid="audit-all-person"),
            ),
            rx.cond(
                detail.object != "",
                button(
                    t("All about this object"), on_click=Audit.show_all_of("object"), data_testid="audit-all-object"
                ),
            ),
            class_name="acts audit-acts",
        ),
        is_open=Audit.is_open,
        on_close=Audit.close,
        testid="audit-panel",
    )


def _row(row: Entry) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.time(
                format_date(row.at), date_time=row.at, title=format_date(row.at, "full"), class_name="audit-when"
            ),
            rx.el.span(_who(row), class_name="audit-who"),
            rx.el.span(
                rx.el.span(t_message(row.what), class_name="strong"),
                rx.cond(row.label != "", rx.el.span(row.label, class_name="quiet", dir="auto")),
                class_name="audit-what",
            ),
            rx.el.span(rx.cond(row.address != "", row.address, t_message(row.means)), class_name="audit-from quiet"),
            rx.el.span(_outcome(row), class_name="audit-outcome"),
            type="button",
            class_name="audit-row",
            on_click=Audit.open(row.sequence),
            aria_pressed=Audit.is_open & (Audit.row.sequence == row.sequence),
            data_testid="audit-row",
            data_sequence=row.sequence,
            data_outcome=row.outcome,
        ),
        key=row.sequence,
    )


def _who(row: Entry) -> rx.Component:
    nobody = rx.cond(row.is_program, "ConvoSphere", t("Somebody not signed in"))
    seen = rx.el.span(t("as {name}", name=row.as_whom), class_name="quiet")
    return rx.fragment(
        rx.el.span(rx.cond(row.who != "", row.who, nobody), dir="auto"), rx.cond(row.as_whom != "", seen)
    )


def _outcome(row: Entry) -> rx.Component:
    words = [(str(outcome), status_word(t(OUTCOMES[outcome].text), _TONES[outcome])) for outcome in Outcome]
    times = rx.el.span(t("{count} times", count=row.times), class_name="quiet tabular")
    return rx.fragment(rx.match(row.outcome, *words, rx.el.span(row.outcome)), rx.cond(row.times.to(int) > 1, times))


def _changes() -> rx.Component:
    head = rx.el.tr(
        rx.el.th(t("Fact"), scope="col"), rx.el.th(t("Before"), scope="col"), rx.el.th(t("After"), scope="col")
    )
    return rx.el.table(
        rx.el.thead(head), rx.el.tbody(rx.foreach(Audit.detail.changes, _change)), class_name="audit-changes"
    )


def _change(change: rx.vars.ObjectVar[ChangeItem]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(t_message(change.name), scope="row"),
        rx.el.td(_said(change.before), dir="auto"),
        rx.el.td(_said(change.after), dir="auto"),
    )


def _said(fact: rx.Var[SaidItem]) -> rx.Component:
    said = fact.to(SaidItem)
    words = rx.foreach(said.words, lambda each: rx.el.div(t_message(rx.Var.create(each))))
    return rx.cond(said.at != "", format_date(said.at, "full"), words)


def _fact(label: Text, value: Text | rx.Component) -> rx.Component:
    return rx.fragment(rx.el.dt(label), rx.el.dd(value, dir="auto"))


def _field(label: Text, control: rx.Component) -> rx.Component:
    return rx.el.label(rx.el.span(label, class_name="quiet"), control, class_name="audit-field")


def _narrow(word: str, delay: int = 0) -> Any:  # noqa: ANN401  # What an event trigger takes.
    handler = Audit.narrow.debounce(delay) if delay else Audit.narrow
    return lambda value: handler(word, value, current_time_zone())


def _search(word: str, value: rx.Var[str]) -> rx.Component:
    return _entry(word, value, _TYPING, type="search", max_length=200)


def _day(word: str, value: rx.Var[str]) -> rx.Component:
    return _entry(word, value, 0, type="date")


def _entry(word: str, value: rx.Var[str], delay: int, **props: Any) -> rx.Component:
    """A field that keeps what is typed to itself, and is made anew when something else is asked for."""
    return rx.input(
        key=Audit.asked_anew,
        default_value=value,
        on_change=_narrow(word, delay),
        data_testid="audit-filter-field",
        data_filter=word,
        **props,
    )


def _choice(word: str, value: rx.Var[str], everything: Text, options: Sequence[rx.Component]) -> rx.Component:
    return rx.el.select(
        rx.el.option(everything, value=""),
        *options,
        value=value,
        on_change=_narrow(word),
        class_name="select",
        data_testid="audit-filter-field",
        data_filter=word,
    )


def _chains() -> rx.Component:
    installation = rx.el.option(t("Failed sign-ins and installation"), value="installation")
    return _choice("chain", Audit.asked.chain, t("This workspace"), [installation])


def _export(label: Text, form: str) -> rx.Component:
    return rx.dropdown_menu.item(
        rx.el.a(
            label,
            href=f"/api/audit/export?format={form}&{Audit.words}",
            download=True,
            custom_attrs={"reloadDocument": True},  # It is no page of the frontend's router.
        ),
        as_child=True,
        data_testid="audit-export-option",
        data_format=form,
    )


def _pager() -> rx.Component:
    return rx.cond(
        Audit.has_more | (Audit.page.to(int) > 0),
        rx.el.nav(
            icon_button(
                "chevron-left",
                t("Newer entries"),
                disabled=Audit.page == 0,
                on_click=Audit.turn(-1),
                data_testid="page-previous",
            ),
            rx.el.span(t("Page {number}", number=Audit.page.to(int) + 1), class_name="tabular"),
            icon_button(
                "chevron-right",
                t("Older entries"),
                disabled=~Audit.has_more,
                on_click=Audit.turn(1),
                data_testid="page-next",
            ),
            class_name="pager quiet",
            aria_label=t("Pages of the list"),
        ),
    )
