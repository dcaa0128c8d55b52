"""What can go wrong in a chat.

ExpectedError
├── EmptyMessageError      nothing was written
├── MessageTooLongError    more than a message may hold
├── AnswerRunningError     an answer to this conversation is still being written
├── MessageKeyUsedError    another message was sent with the same key
├── FolderTooDeepError     a folder would lie within too many others
├── TooManyFoldersError    somebody has as many folders as they may
├── TooManyTagsError       a conversation would have more tags than it may
├── TooManyQuestionsError  more questions wait than may
├── TooManyFilesError      more files than a message may have
├── TemporaryForbiddenError  the workspace has no temporary conversations
├── FileNotReadyError      a file is still being read, or cannot be
├── TooManyImportsError    files of conversations that wait to be taken in
└── NothingIsKeptError     all conversations of the workspace are temporary
"""

from convosphere.core.errors import ConflictError, ForbiddenError, InvalidInputError
from convosphere.core.i18n import Message, t

LONGEST_MESSAGE = 200_000
"""Characters of a question."""


class EmptyMessageError(InvalidInputError):
    """Nothing was written."""

    code = "empty_message"

    @classmethod
    def default_message(cls) -> Message:
        return t("Please write a message first.")


class MessageTooLongError(InvalidInputError):
    """More than a message may hold."""

    code = "message_too_long"

    @classmethod
    def default_message(cls) -> Message:
        return t(
            "This message is longer than {count} characters. Please shorten it, or upload it as a document.",
            count=LONGEST_MESSAGE,
        )


class AnswerRunningError(ConflictError):
    """An answer to this conversation is still being written."""

    code = "answer_running"

    @classmethod
    def default_message(cls) -> Message:
        return t("An answer is still being written. Stop it, or wait until it is done.")


class TemporaryForbiddenError(ForbiddenError):
    """The workspace has no temporary conversations."""

    code = "temporary_forbidden"

    @classmethod
    def default_message(cls) -> Message:
        return t("There are no temporary chats in this workspace.")


class FolderTooDeepError(InvalidInputError):
    """A folder would lie within too many others."""

    code = "folder_too_deep"

    @classmethod
    def default_message(cls) -> Message:
        return t("Folders lie within each other at most five deep.")


class TooManyFoldersError(ConflictError):
    """Somebody has as many folders as they may."""

    code = "too_many_folders"

    @classmethod
    def default_message(cls) -> Message:
        return t("There are too many folders already. Please delete some first.")


class TooManyTagsError(InvalidInputError):
    """A conversation would have more tags than it may."""

    code = "too_many_tags"

    @classmethod
    def default_message(cls) -> Message:
        return t("A conversation has at most 20 tags.")


class MessageKeyUsedError(ConflictError):
    """Another message was sent with the same key, so this one would be lost behind it."""

    code = "message_key_used"

    @classmethod
    def default_message(cls) -> Message:
        return t("Another message was sent under the same key. Please load the page again and send it once more.")


class TooManyQuestionsError(ConflictError):
    """Somebody has as many questions waiting in a conversation as they may."""

    code = "too_many_questions"

    @classmethod
    def default_message(cls) -> Message:
        return t("Many questions wait here already. Please let some be answered first.")


class TooManyFilesError(InvalidInputError):
    """More files than a message may have, or than may wait for one."""

    code = "too_many_files"

    @classmethod
    def default_message(cls) -> Message:
        return t("A message has at most 20 files. Please send some of them with another one.")


class FileNotReadyError(ConflictError):
    """A file of a message is still being read, or cannot be."""

    code = "file_not_ready"

    def __init__(self, name: str) -> None:
        super().__init__(t("“{name}” has not been read yet. Wait a moment, or remove it.", name=name))


class TooManyImportsError(ConflictError):
    """Several files of conversations wait to be taken in already."""

    code = "too_many_imports"

    @classmethod
    def default_message(cls) -> Message:
        return t("Several imports are waiting already. Finish or cancel one of them first.")


class NothingIsKeptError(ConflictError):
    """All conversations of the workspace are temporary, so none can come in to stay."""

    code = "nothing_is_kept"

    @classmethod
    def default_message(cls) -> Message:
        return t("All chats in this workspace are temporary. None can be imported.")
