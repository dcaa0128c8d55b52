"""What can be done with many documents: a class each, and the one list of them.

A new act is a class in a module here and a line in `ACTIONS`.
"""

from typing import Final

from convosphere.knowledge.bulk.actions.base import BulkAction
from convosphere.knowledge.bulk.actions.filing import Move
from convosphere.knowledge.bulk.actions.properties import SetOwner, SetReview
from convosphere.knowledge.bulk.actions.reading import Describe, Embed, Reprocess
from convosphere.knowledge.bulk.actions.rights import Share, Unshare
from convosphere.knowledge.bulk.actions.tagging import PutTag, TagByRule, TakeTag
from convosphere.knowledge.bulk.actions.taking import Download, ExportMetadata
from convosphere.knowledge.bulk.actions.trash import Delete, Restore, Trash

ACTIONS: Final[dict[str, BulkAction]] = {
    action.name: action
    for action in (
        Trash(), Restore(), Delete(), Reprocess(), Describe(), Embed(), Share(), Unshare(), SetOwner(), SetReview(),
        PutTag(), TakeTag(), TagByRule(), Move(), Download(), ExportMetadata(),
    )
}  # fmt: skip
