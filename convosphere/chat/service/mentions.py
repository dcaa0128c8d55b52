"""Telling people that they are named in a conversation that several see."""

from convosphere.chat.mentions import mentioned
from convosphere.chat.queries import sharing as sharing_queries
from convosphere.chat.schemas import Heading, MessageView
from convosphere.chat.service.telling import MENTIONED
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.notifications.service.telling import notify

MOST_PEOPLE = 50
"""Whom one message tells at once."""


async def tell_mentioned(uow: UnitOfWork, heading: Heading, question: MessageView) -> None:
    """Tell those whom a question names, if they see its conversation; where nobody is named, nothing is asked."""
    if not heading.is_shared or "@" not in question.text:
        return
    named = await sharing_queries.list_named(uow, heading.id, question.text, MOST_PEOPLE)
    people = mentioned(question.text, named)
    notify(uow, MENTIONED, people, key=str(question.id), subject_id=heading.id)
