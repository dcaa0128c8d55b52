"""What of knowledge people share with people and groups."""

from typing import Final

from convosphere.identity.service.grants import GrantKind
from convosphere.knowledge.collections.service import COLLECTION_GRANTS
from convosphere.knowledge.service.folders import DOCUMENT_FOLDER_GRANTS
from convosphere.knowledge.service.sharing import DOCUMENT_GRANTS
from convosphere.knowledge.tags.service import TAG_GRANTS

KNOWLEDGE_GRANTS: Final[tuple[GrantKind, ...]] = (
    DOCUMENT_GRANTS, DOCUMENT_FOLDER_GRANTS, TAG_GRANTS, COLLECTION_GRANTS,
)  # fmt: skip
