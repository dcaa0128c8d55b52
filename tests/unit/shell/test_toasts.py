"""Notices of a tab."""

from convosphere.core.i18n import t
from convosphere.shell.state import MOST_TOASTS, ToastState


def test_the_same_again_takes_the_place_of_the_first() -> None:
    state = ToastState(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]  # How the framework makes one.
    refused, saved = t("You do not have permission to do this."), t("Saved")
    state._add("error", refused, undo="")
    first = state.toasts[0]["id"]
    state._add("success", saved, undo="")
    state._add("error", refused, undo="")
    assert [row["message"] for row in state.toasts] == [saved.as_dict(), refused.as_dict()]
    assert first not in {row["id"] for row in state.toasts}


def test_there_are_never_too_many() -> None:
    state = ToastState(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
    for number in range(MOST_TOASTS + 3):
        state._add("info", t("{count} calls", count=number), undo="")
    assert len(state.toasts) == MOST_TOASTS


def test_what_can_be_taken_back_stands_for_itself() -> None:
    state = ToastState(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
    for undo in ("assistant:1", "assistant:2"):
        state._add("info", t("“{name}” deleted.", name="Owl"), undo=undo)
    assert [row["undo"] for row in state.toasts] == ["assistant:1", "assistant:2"]
