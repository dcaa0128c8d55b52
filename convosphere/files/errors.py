"""What can go wrong with files.

ExpectedError
├── FileTooLargeError        more bytes than one file may have
├── QuotaExceededError       more bytes than the workspace has left
│   ├── PersonQuotaExceededError   than the person may take
│   └── GroupQuotaExceededError    than a group may take together
├── LengthRequiredError      how many bytes will come was not said
├── UploadIncompleteError    the transfer broke off, or stood still
└── StorageFullError         the disk has no room
"""

from convosphere.core.errors import ExpectedError, InvalidInputError, LimitReachedError, UnavailableError
from convosphere.core.i18n import Message, t


class FileTooLargeError(LimitReachedError):
    """One file is larger than UPLOAD_MEGABYTES."""

    code = "file_too_large"
    status = 413

    def __init__(self, megabytes: int) -> None:
        super().__init__(t("The file is larger than {megabytes} MB, the most that is taken.", megabytes=megabytes))


class QuotaExceededError(LimitReachedError):
    """The workspace's space is used up."""

    code = "quota_exceeded"
    status = 413

    @classmethod
    def default_message(cls) -> Message:
        return t("The workspace has no space left for this file. Please delete what is not needed any more.")


class PersonQuotaExceededError(QuotaExceededError):
    """The person's space is used up."""

    code = "person_quota_exceeded"

    def __init__(self, used: int, megabytes: int) -> None:
        super().__init__(
            t(
                "You use {used} of the {megabytes} MB that you may use, so this file has no room. Delete for good"
                " what you do not need, also in the trash, or ask an administrator for more space.",
                used=used,
                megabytes=megabytes,
            )
        )


class GroupQuotaExceededError(QuotaExceededError):
    """The space that a group shares is used up."""

    code = "group_quota_exceeded"

    def __init__(self, group: str, megabytes: int) -> None:
        super().__init__(
            t(
                "The group “{group}” may use {megabytes} MB together, so this file has no room. Delete for good what"
                " nobody needs, also in the trash, or ask an administrator for more space.",
                group=group,
                megabytes=megabytes,
            )
        )


class LengthRequiredError(InvalidInputError):
    """An upload must say its size before it starts."""

    code = "length_required"
    status = 411

    @classmethod
    def default_message(cls) -> Message:
        return t("The size of the file is missing.")


class UploadIncompleteError(ExpectedError):
    """Not all bytes arrived."""

    code = "upload_incomplete"

    @classmethod
    def default_message(cls) -> Message:
        return t("The transfer broke off. Nothing was kept; please upload the file again.")


class StorageFullError(UnavailableError):
    """The disk is full."""

    code = "storage_full"
    status = 507

    @classmethod
    def default_message(cls) -> Message:
        return t("The server's disk is full. Nothing was kept; please tell an administrator.")
