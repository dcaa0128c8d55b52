"""The frame around every signed-in page, with slots that the composition root fills."""

from convosphere.shell.frame import app_wraps, head_components
from convosphere.shell.missing import MISSING, missing_page
from convosphere.shell.slots import FrameSlots, NavigationItem, UndoActions
from convosphere.shell.state import FrameState, PersonCard, ToastState, show_toast

__all__ = [
    "MISSING",
    "FrameSlots",
    "FrameState",
    "NavigationItem",
    "PersonCard",
    "ToastState",
    "UndoActions",
    "app_wraps",
    "head_components",
    "missing_page",
    "show_toast",
]
