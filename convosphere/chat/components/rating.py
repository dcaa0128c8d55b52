"""What a person thinks of an answer."""

import reflex as rx

from convosphere.chat.components.module import Rating
from convosphere.chat.service.feedback import LONGEST_COMMENT, Reason
from convosphere.chat.state.feedback_state import FeedbackState
from convosphere.chat.state.items import MessageItem
from convosphere.ui.i18n import t


def rating(item: rx.vars.ObjectVar[MessageItem]) -> rx.Component:
    """Two thumbs; a thumb down asks why."""
    names = {
        Reason.INCORRECT: t("Not correct"),
        Reason.NOT_FROM_DOCUMENTS: t("Not from the documents"),
        Reason.TOO_LONG: t("Too long"),
        Reason.TONE: t("Wrong tone"),
        Reason.OTHER: t("Something else"),
    }
    return Rating.create(
        message=item.id,
        given=item.feedback,
        refused=FeedbackState.refused,
        reasons=[{"name": reason.value, "label": label} for reason, label in names.items()],
        longest=LONGEST_COMMENT,
        labels={
            "up": t("Good answer"),
            "down": t("Bad answer"),
            "why": t("Say why"),
            "change": t("Change what you said"),
            "question": t("What was wrong with it?"),
            "comment": t("In your own words, if you like; it is read without your name"),
            "send": t("Send"),
            "cancel": t("Cancel"),
        },
        on_rate=FeedbackState.rate,
    )
