"""The stages of a document as a person is shown them."""

from typing import Final

from convosphere.core.i18n import Message
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.ledger import queries
from convosphere.knowledge.ledger.models import DocumentStage
from convosphere.knowledge.ledger.schemas import Stage, StageRow, StageState
from convosphere.knowledge.models import Document, DocumentStatus

_ENTERED: Final = (Stage.READ, Stage.CHUNK, Stage.INDEX)
_AT_WORK: Final = {
    DocumentStatus.STORED: Stage.READ,
    DocumentStatus.PARSED: Stage.CHUNK,
    DocumentStatus.CHUNKED: Stage.INDEX,
    DocumentStatus.INDEXED: Stage.INDEX,
}


async def list_stages(
    uow: UnitOfWork, document: Document, size: int, characters: int, passages: int
) -> tuple[StageRow, ...]:
    """All stages of a document's version in their order; the caller has fetched the document and what it counts."""
    entered = {entry.stage: entry for entry in await queries.list_stages(uow, document.current_version_id)}
    counts = {Stage.READ: characters, Stage.CHUNK: passages, Stage.INDEX: passages}
    return (
        StageRow(Stage.STORE, StageState.DONE, size),
        *(_row(stage, entered.get(stage), document, counts[stage]) for stage in _ENTERED),
        await _embedding(uow, document, passages),
    )


def _row(stage: Stage, entry: DocumentStage | None, document: Document, amount: int) -> StageRow:
    """What was entered, unless the document is at that stage again. What was read before the ledger has no entries."""
    at_work = _AT_WORK.get(DocumentStatus(document.status))
    if at_work and _ENTERED.index(stage) >= _ENTERED.index(at_work):
        is_running = stage == at_work and document.run_id is not None
        attempts = document.interruptions if stage is Stage.READ else 0
        return StageRow(stage, StageState.RUNNING if is_running else StageState.WAITING, attempts=attempts)
    if entry is None:
        is_done = at_work is not None or document.status == DocumentStatus.READY
        return StageRow(stage, StageState.DONE if is_done else StageState.WAITING, amount if is_done else None)
    error = Message(entry.error["text"], entry.error["values"]) if entry.error else None
    return StageRow(stage, StageState(entry.state), entry.amount, entry.milliseconds, entry.attempts, error)


async def _embedding(uow: UnitOfWork, document: Document, passages: int) -> StageRow:
    """Vectors are made for all passages of the workspace together, so they are counted, not entered."""
    if document.status != DocumentStatus.READY:
        return StageRow(Stage.EMBED, StageState.WAITING)
    made = await queries.count_vectors(uow, document.current_version_id)
    if made is None:
        return StageRow(Stage.EMBED, StageState.UNNEEDED)
    return StageRow(Stage.EMBED, StageState.DONE if made >= passages else StageState.WAITING, made)
