"""What is asked of a file before a byte of it is read."""

from convosphere.files.names import clean_name
from convosphere.knowledge.errors import FileEmptyError, NameMissingError
from convosphere.knowledge.parsing.detection import type_by_name
from convosphere.knowledge.parsing.kinds import DocumentType


def check_file(name: str, size: int | None) -> tuple[str, DocumentType]:
    """The name under which a file is kept, and its type by that name.

    Raises:
        NameMissingError, FileEmptyError, UnsupportedTypeError: it cannot be taken.
    """
    name = clean_name(name)
    if not name:
        raise NameMissingError
    if size == 0:
        raise FileEmptyError
    return name, type_by_name(name)
