"""The look for remains: what was found, and the way to remove it."""

import reflex as rx

from convosphere.knowledge.components.status import words
from convosphere.knowledge.state.scan_state import FindingItem, MissingItem, ScanState
from convosphere.ui.buttons import button
from convosphere.ui.dialogs import confirm_dialog
from convosphere.ui.feedback import spinner
from convosphere.ui.i18n import exact_time, t, tn

Scan = ScanState


def scan_section() -> rx.Component:
    """The latest look, and another one."""
    is_running = Scan.state == "running"
    return rx.el.section(
        rx.el.h2(t("Remains"), class_name="section-title"),
        rx.el.p(
            t("Whatever a deleted document consisted of goes with it. Here you can see whether anything is left, and"
              " whether the file of a document is missing."),
            class_name="quiet",
        ),
        rx.el.div(
            button(t("Look for remains"), icon="scan-search", on_click=Scan.begin, disabled=is_running,
                   data_testid="scan-begin"),
            rx.cond((Scan.count.to(int) > 0) & ~is_running, _clean()),
            rx.cond(is_running, rx.el.span(spinner(), " ", rx.cond(
                Scan.is_cleaning, t("Remains are being removed"), t("Remains are being looked for")))),
            rx.cond(Scan.state == "failed", rx.el.span(t("Whoever began this may not do it any more."))),
            rx.cond(Scan.ended_at != "", rx.el.span(t("Last looked"), " ", exact_time(Scan.ended_at),
                                                    class_name="quiet")),
            class_name="scan-acts",
        ),
        rx.cond(Scan.findings.length() > 0, _findings()),
        rx.cond(Scan.missing.length() > 0, _missing()),
        class_name="trash-scan",
        data_testid="scan",
        data_state=Scan.state,
    )  # fmt: skip


def _clean() -> rx.Component:
    return confirm_dialog(
        t("Remove the remains?"),
        tn("{count} thing that belongs to no document any more is removed for good.",
           "{count} things that belong to no document any more are removed for good.", Scan.count),
        confirm_label=t("Remove"),
        on_confirm=Scan.clean,
        trigger=button(t("Clean up"), icon="brush-cleaning", data_testid="scan-clean"),
        confirm_testid="scan-clean-confirm",
    )  # fmt: skip


def _findings() -> rx.Component:
    return rx.el.ul(rx.foreach(Scan.findings, _finding), class_name="bulk-results")


def _finding(item: rx.vars.ObjectVar[FindingItem]) -> rx.Component:
    kind = words(
        item.kind,
        ("texts", t("Texts")),
        ("passages", t("Passages")),
        ("vectors", t("Vectors")),
        ("sets", t("Passages that were replaced or dropped")),
        ("previews", t("Previews")),
        ("frequencies", t("Counts of words")),
        ("grants", t("Rights")),
        ("files", t("Files that nothing needs")),
        ("bytes", t("Files that nothing tells of")),
        ("missing", t("Documents without their file")),
    )
    return rx.el.li(
        rx.el.span(kind), rx.el.span(item.count, class_name="tabular"), data_testid="scan-finding", data_kind=item.kind,
        data_count=item.count,
    )  # fmt: skip


def _missing() -> rx.Component:
    return rx.fragment(
        rx.el.p(t("The files of these documents are missing. Please upload them again as new versions.")),
        rx.el.ul(rx.foreach(Scan.missing, _document), class_name="plain-lines"),
    )


def _document(item: rx.vars.ObjectVar[MissingItem]) -> rx.Component:
    return rx.el.li(rx.link(item.name, href=item.address, dir="auto"))
