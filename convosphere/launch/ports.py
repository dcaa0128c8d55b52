"""What packages above give to those below, the same in all processes."""

from convosphere.assistants.kind import ASSISTANTS
from convosphere.chat.queries.citations import CitationsOfAnswers
from convosphere.chat.service.leaving import ConversationsOfPerson
from convosphere.chat.unanswered import EndedAnswers
from convosphere.creations.service.leaving import CreationsOfPerson
from convosphere.identity.service.leaving import PersonDeletionParts
from convosphere.knowledge.citing import provide_citations
from convosphere.knowledge.recordings.waiting import read_pictures, read_recordings
from convosphere.knowledge.search.embedding import enqueue_embedding
from convosphere.knowledge.service.leaving import DocumentsOfPerson
from convosphere.launch.notifications import register_notifications
from convosphere.llm.service.readers import NewReaders
from convosphere.llm.service.vectors import NewVectors
from convosphere.prompts.kind import PROMPTS
from convosphere.questions.service import take_ended
from convosphere.templates.kind import TEMPLATES


def fill_ports() -> None:
    """Let them have it. Each process calls it once, before anything else happens."""
    PersonDeletionParts.register("conversations", ConversationsOfPerson())
    PersonDeletionParts.register("documents", DocumentsOfPerson())
    PersonDeletionParts.register("assistants", CreationsOfPerson(ASSISTANTS))
    PersonDeletionParts.register("prompts", CreationsOfPerson(PROMPTS))
    PersonDeletionParts.register("templates", CreationsOfPerson(TEMPLATES))
    provide_citations(CitationsOfAnswers())
    EndedAnswers.listen("questions", take_ended)
    NewVectors.register(enqueue_embedding)
    NewReaders.register("speech", read_recordings)
    NewReaders.register("describing", read_pictures)
    register_notifications()
