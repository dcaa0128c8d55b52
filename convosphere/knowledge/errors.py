"""What can go wrong with documents, besides reading them (`parsing.errors`).

ExpectedError
├── DocumentNotFoundError    missing, or somebody else's
├── VersionNotFoundError     missing
├── VersionInPlaceError      the document is that version already
├── VersionUnreadError       there is no text to compare
├── FolderNotFoundError      missing, or nothing the actor may do this with
├── FolderExistsError        another one beside it has this name
├── FolderTooDeepError       it would lie within too many others
├── TooManyFoldersError      somebody has as many as there may be
├── TagNotFoundError         missing, or nothing the actor may do this with
├── TagExistsError           another one in the workspace has this name
├── TagTooDeepError          it would lie within too many others
├── TooManyTagsError         the workspace has as many as there may be
├── CollectionNotFoundError  missing, or nothing the actor may do this with
├── TooManyCollectionsError  somebody has as many as there may be
├── PassageGoneError         what a citation points at is gone, or no longer to be seen
├── NameMissingError         nothing is left of a name, or it is too long
├── FileEmptyError           there is not one byte
├── NotRetryableError        the document is being read, or an archive
└── ProcessingInterruptedError  reading a document ended its worker again and again
"""

from convosphere.core.errors import ConflictError, ExpectedError, InvalidInputError, NotFoundError
from convosphere.core.i18n import Message, t


class DocumentNotFoundError(NotFoundError):
    """The document does not exist, or the actor may not know that it does."""

    @classmethod
    def default_message(cls) -> Message:
        return t("This document does not exist, or you have no access to it.")


class VersionNotFoundError(NotFoundError):
    """The document has no such version."""

    @classmethod
    def default_message(cls) -> Message:
        return t("The document has no such version.")


class VersionInPlaceError(ConflictError):
    """There is no way back to where one is."""

    code = "version_in_place"

    @classmethod
    def default_message(cls) -> Message:
        return t("The document is this version already, or is about to be.")


class VersionUnreadError(ConflictError):
    """Only what was read can be compared."""

    code = "version_unread"

    @classmethod
    def default_message(cls) -> Message:
        return t("This version was not read, so there is nothing to compare.")


class FolderNotFoundError(NotFoundError):
    """The folder does not exist, or the actor may not know that it does."""

    @classmethod
    def default_message(cls) -> Message:
        return t("This folder does not exist, or you have no access to it.")


class FolderExistsError(ConflictError):
    """Names of folders differ where they lie side by side."""

    code = "folder_exists"

    def __init__(self, name: str) -> None:
        super().__init__(t("There is a folder “{name}” already. Please choose another name.", name=name))


class FolderTooDeepError(InvalidInputError):
    """Folders lie in one another up to a depth."""

    code = "folder_too_deep"

    def __init__(self, most: int) -> None:
        super().__init__(t("Folders lie at most {count} deep in one another.", count=most))


class TooManyFoldersError(ConflictError):
    """Nobody has more folders of documents."""

    code = "too_many_folders"

    def __init__(self, most: int) -> None:
        super().__init__(t("There are {count} folders already. Please put some together first.", count=most))


class TagNotFoundError(NotFoundError):
    """The tag does not exist, or the actor may not do this with it."""

    @classmethod
    def default_message(cls) -> Message:
        return t("This tag does not exist, or you may not use it.")


class TagExistsError(ConflictError):
    """Names of tags differ in a workspace."""

    code = "tag_exists"

    def __init__(self, name: str) -> None:
        super().__init__(t("There is a tag “{name}” already. Please choose another name.", name=name))


class TagTooDeepError(InvalidInputError):
    """Tags lie within one another up to a depth."""

    code = "tag_too_deep"

    def __init__(self, most: int) -> None:
        super().__init__(t("Tags lie at most {count} deep within one another.", count=most))


class TooManyTagsError(ConflictError):
    """No workspace has more tags."""

    code = "too_many_tags"

    def __init__(self, most: int) -> None:
        super().__init__(t("There are {count} tags already. Please merge some first.", count=most))


class CollectionNotFoundError(NotFoundError):
    """The collection does not exist, or the actor may not know that it does."""

    @classmethod
    def default_message(cls) -> Message:
        return t("This collection does not exist, or you have no access to it.")


class TooManyCollectionsError(ConflictError):
    """Nobody has more collections."""

    code = "too_many_collections"

    def __init__(self, most: int) -> None:
        super().__init__(t("You have {count} collections already. Delete some that you do not need.", count=most))


class PassageGoneError(NotFoundError):
    """A citation outlived its document, or its reader's access."""

    code = "passage_gone"

    @classmethod
    def default_message(cls) -> Message:
        return t("The document of this citation was deleted, or is no longer shared with you.")


class NameMissingError(InvalidInputError):
    """A document needs a name."""

    code = "name_missing"

    @classmethod
    def default_message(cls) -> Message:
        return t("Please enter a name.")


class FileEmptyError(InvalidInputError):
    """The file has no bytes."""

    code = "empty_file"

    @classmethod
    def default_message(cls) -> Message:
        return t("The file is empty. Please choose the right file and upload it again.")


class NotRetryableError(ConflictError):
    """A document is not read again while it is being read, nor a message's file, nor an archive that was read."""

    code = "not_retryable"

    @classmethod
    def default_message(cls) -> Message:
        return t(
            "This is being read already, is part of a message, or is an archive, whose files are documents themselves."
        )


class ProcessingInterruptedError(ExpectedError):
    """A document that ends whoever reads it is left alone."""

    code = "processing_interrupted"

    @classmethod
    def default_message(cls) -> Message:
        return t("Reading this document was interrupted three times, so it was stopped. You can try it again.")
