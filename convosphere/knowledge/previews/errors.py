"""What can go wrong with showing a document.

NotFoundError
└── PreviewRefusedError
"""

from convosphere.core.errors import NotFoundError
from convosphere.core.i18n import Message, t


class PreviewRefusedError(NotFoundError):
    """Nothing can be shown of this file."""

    code = "preview_refused"

    @classmethod
    def default_message(cls) -> Message:
        return t("This file cannot be shown here. Download it to open it in its program.")
