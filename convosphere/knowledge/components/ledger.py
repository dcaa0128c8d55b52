"""What was done to a document, stage by stage, as it goes on."""

import reflex as rx

from convosphere.knowledge.components.status import words
from convosphere.knowledge.ledger.schemas import Stage, StageState
from convosphere.knowledge.state.document_state import DocumentState
from convosphere.knowledge.state.items import StageItem
from convosphere.ui.i18n import format_bytes, format_number, t, tn

Item = rx.vars.ObjectVar[StageItem]


def ledger() -> rx.Component:
    """A line for each stage: how it stands, how much of it there is, how long it took, how often it was tried."""
    return rx.el.section(
        rx.el.h2(t("How it was read"), class_name="section-title"),
        rx.el.dl(rx.foreach(DocumentState.detail.stages, _stage), class_name="facts"),
        class_name="document-ledger",
        data_testid="document-stages",
    )


def _stage(item: Item) -> rx.Component:
    return rx.el.div(
        rx.el.dt(_name(item.stage)),
        rx.el.dd(
            rx.cond((item.state == StageState.DONE.value) & (item.amount.to(int) >= 0), _amount(item), _state(item)),
            rx.cond(item.seconds.to(float) >= 0, rx.el.span(" · ", t("{seconds} s", seconds=_seconds(item)))),
            rx.cond(
                item.attempts.to(int) > 1,
                rx.el.span(" · ", tn("{count} attempt", "{count} attempts", item.attempts)),
            ),
        ),
        class_name="fact",
        data_testid="document-stage",
        data_stage=item.stage,
        data_state=item.state,
    )


def _seconds(item: Item) -> rx.Var[str]:
    return format_number(item.seconds, 1)


def _name(stage: rx.Var[str]) -> rx.Var[str]:
    return words(
        stage,
        (Stage.STORE.value, t("Stored")),
        (Stage.READ.value, t("Read")),
        (Stage.CHUNK.value, t("Cut into passages")),
        (Stage.INDEX.value, t("Indexed")),
        (Stage.EMBED.value, t("Meaning")),
    )


def _state(item: Item) -> rx.Var[str]:
    return words(
        item.state,
        (StageState.WAITING.value, t("Waits")),
        (StageState.RUNNING.value, t("In progress")),
        (StageState.DONE.value, t("Done")),
        (StageState.FAILED.value, t("Failed")),
        (StageState.QUARANTINED.value, t("Set aside: it was interrupted three times")),
        (StageState.UNNEEDED.value, t("Not needed: search goes by words")),
    )


def _amount(item: Item) -> rx.Var[str]:
    return words(
        item.stage,
        (Stage.STORE.value, format_bytes(item.amount)),
        (Stage.READ.value, tn("{count} character", "{count} characters", item.amount)),
        (Stage.EMBED.value, tn("{count} vector", "{count} vectors", item.amount)),
        ("", tn("{count} passage", "{count} passages", item.amount)),
    )
