"""Where documents lie."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from convosphere.core.identifiers import parse_id
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.bulk.actions.base import BulkAction
from convosphere.knowledge.bulk.models import Outcome
from convosphere.knowledge.bulk.schemas import Parameters, Verdict, Verdicts
from convosphere.knowledge.errors import FolderNotFoundError
from convosphere.knowledge.models import Document, DocumentFolder
from convosphere.knowledge.queries import folders
from convosphere.knowledge.rules.applying import enqueue_rules
from convosphere.knowledge.service.announcements import announce, announce_order


class Move(BulkAction):
    """Put documents into a folder that the actor may edit, `folder_id`, or, without one, out of all."""

    name = "move"
    undone_among = "listed"

    async def check(self, uow: UnitOfWork, parameters: Parameters) -> None:
        """See whether there is such a folder."""
        await _folder(uow, parameters.get("folder_id", ""))

    async def apply(self, uow: UnitOfWork, documents: Sequence[Document], parameters: Parameters) -> Verdicts:
        """Do it."""
        return await _place(uow, documents, await _folder(uow, parameters.get("folder_id", "")))

    async def undo(
        self, uow: UnitOfWork, documents: Sequence[Document], before: Mapping[UUID, Mapping[str, object]]
    ) -> Verdicts:
        """Put them back where they were, or out of all folders where that one is gone."""
        by_folder: dict[str, list[Document]] = {}
        for document in documents:
            by_folder.setdefault(str(before.get(document.id, {}).get("folder") or ""), []).append(document)
        verdicts = Verdicts()
        for folder_id in sorted(by_folder):
            try:
                folder = await _folder(uow, folder_id)
            except FolderNotFoundError:
                folder = None
            verdicts.of |= (await _place(uow, by_folder[folder_id], folder)).of
        return verdicts


async def _folder(uow: UnitOfWork, folder_id: str) -> DocumentFolder | None:
    return await folders.get_folder(uow, parse_id(folder_id), "edit", hold=True) if folder_id else None


async def _place(uow: UnitOfWork, documents: Sequence[Document], folder: DocumentFolder | None) -> Verdicts:
    here = folder.id if folder else None
    was = {each.id: each.folder_id for each in documents}  # The statement below changes what is in memory, too.
    moved = [key for key, folder_id in was.items() if folder_id != here]
    if moved:
        await folders.place_documents(uow, moved, folder)
        await enqueue_rules(uow, moved)
        await announce(uow, *moved)
        await announce_order(uow)
    unchanged = Verdict(Outcome.UNCHANGED)
    return Verdicts(
        {key: unchanged if was[key] == here else Verdict(before={"folder": str(was[key] or "")}) for key in was}
    )
