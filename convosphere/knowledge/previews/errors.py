"""What can go wrong with showing a document.

ExpectedError
├── PreviewRefusedError      nothing can be shown of a file
└── DownloadForbiddenError   the actor sees the document and may not have its file
"""

from convosphere.core.errors import ForbiddenError, NotFoundError
from convosphere.core.i18n import Message, t


class PreviewRefusedError(NotFoundError):
    """Nothing can be shown of this file."""

    code = "preview_refused"

    @classmethod
    def default_message(cls) -> Message:
        return t("This file cannot be shown here. Download it to open it in its program.")


class DownloadForbiddenError(ForbiddenError):
    """The actor sees the document and may not have its file."""

    code = "download_forbidden"

    @classmethod
    def default_message(cls) -> Message:
        return t("You may look at this document, but not download it. Ask whoever shared it.")
