"""Why a file could not be read, in words that say what to do.

InvalidInputError
└── ParseError                  the file was not taken; `values` are its data, plain enough for another process
    ├── EmptyFileError          there is not one byte
    ├── NoTextError             there is no text to read, as in a scan
    ├── RecognitionMissingError  text in pictures needs a program that is missing
    ├── NoSoundError            a film without sound
    ├── NothingSaidError        sound in which nobody speaks
    ├── EncryptedFileError      a password protects it
    ├── DamagedFileError        cut off, or not what its own headers say
    ├── UnsupportedTypeError    a type that is not read, or a name that belies the content
    ├── TooComplexError         packed or nested like a bomb
    ├── TooManyMembersError     an archive of too many files
    ├── ParseTimeoutError       over its time
    └── ParseMemoryError        over its memory
"""

from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import Message, t
from convosphere.knowledge.parsing.kinds import BETTER, READABLE
from convosphere.knowledge.parsing.remedies import OCR_REMEDY


class ParseError(InvalidInputError):
    """A file cannot be read; `values` rebuild the error in another process."""

    code = "unreadable_file"

    def __init__(self, **values: str) -> None:
        self.values = values
        super().__init__(self.describe())

    def describe(self) -> Message:
        """The message for these values."""
        return t("This file could not be read.")


class EmptyFileError(ParseError):
    """The file has no bytes."""

    code = "empty_file"

    def describe(self) -> Message:
        return t("The file is empty. Please choose the right file and upload it again.")


class NoTextError(ParseError):
    """The file is fine, but holds no text.

    `scan` is "yes" if its pages are pictures that nobody looked at, `picture` if somebody did.
    """

    code = "no_text"

    def describe(self) -> Message:
        if self.values.get("scan"):
            return t(
                "The pages of this PDF are pictures in which no text was found. If this is a scan, text recognition "
                "(OCR) is needed on the server: {remedy}",
                remedy=OCR_REMEDY,
            )
        if self.values.get("picture"):
            return t("No text was found in the picture.")
        return t("There is no text in this file.")


class RecognitionMissingError(ParseError):
    """The text in pictures needs a program that the server lacks."""

    code = "recognition_missing"

    def describe(self) -> Message:
        return t("Text in pictures needs text recognition (OCR) on the server: {remedy}", remedy=OCR_REMEDY)


class NoSoundError(ParseError):
    """There is nothing to listen to."""

    code = "no_sound"

    def describe(self) -> Message:
        return t("This recording has no sound, so there is nothing to write down.")


class NothingSaidError(ParseError):
    """Nobody says a word."""

    code = "nothing_said"

    def describe(self) -> Message:
        return t("No words were heard in this recording.")


class EncryptedFileError(ParseError):
    """A password protects the file."""

    code = "encrypted_file"

    def describe(self) -> Message:
        return t("The file is protected by a password. Please remove the password and upload it again.")


class DamagedFileError(ParseError):
    """The file is cut off or broken."""

    code = "damaged_file"

    def describe(self) -> Message:
        return t("The file is damaged or incomplete. Please open and save it again in its program, then upload it.")


class UnsupportedTypeError(ParseError):
    """`found` names what the file is; `expected` what its name says, if the two differ."""

    code = "unsupported_type"

    def describe(self) -> Message:
        found, expected = self.values.get("found", ""), self.values.get("expected", "")
        if found and expected:
            return t(
                "The name says {expected}, but the content is {found}. Please give the file its right ending, or save "
                "it anew.",
                expected=expected,
                found=found,
            )
        if expected:
            return t("The name says {expected}, but the content is something else.", expected=expected)
        return refusal_of(f".{found.lower()}", found)


def refusal_of(ending: str, found: str) -> Message:
    """What to say of a name's ending that is not read, with the way out."""
    if better := BETTER.get(ending):
        return t(
            "Files of this type ({found}) cannot be read. Please save it as {better} and upload that.",
            found=found,
            better=better,
        )
    return t(
        "Files of this type ({found}) cannot be read. These can: {readable}, and source code.",
        found=found,
        readable=READABLE,
    )


class TooComplexError(ParseError):
    """The file unpacks to far more than it weighs, or is nested beyond reason."""

    code = "too_complex"

    def describe(self) -> Message:
        return t("The file is packed or nested so extremely that it was not opened, for safety.")


class TooManyMembersError(ParseError):
    """An archive holds more files than are taken in at once; `count` is how many may be."""

    code = "too_many_members"

    def describe(self) -> Message:
        return t("The archive holds more than {count} files. Please divide it.", count=self.values.get("count", ""))


class ParseTimeoutError(ParseError):
    """Reading took longer than PARSE_SECONDS."""

    code = "parse_timeout"

    def describe(self) -> Message:
        return t("Reading this file took too long and was stopped. Please split it into smaller files.")


class ParseMemoryError(ParseError):
    """Reading needed more memory than PARSE_MEGABYTES."""

    code = "parse_memory"

    def describe(self) -> Message:
        return t("Reading this file needed too much memory and was stopped. Please split it into smaller files.")


_KINDS: tuple[type[ParseError], ...] = (
    EmptyFileError,
    NoTextError,
    RecognitionMissingError,
    NoSoundError,
    NothingSaidError,
    EncryptedFileError,
    DamagedFileError,
    UnsupportedTypeError,
    TooComplexError,
    TooManyMembersError,
    ParseTimeoutError,
    ParseMemoryError,
)
_BY_CODE = {kind.code: kind for kind in _KINDS}


def error_from_code(code: str, values: dict[str, str]) -> ParseError:
    """The error that another process named; an unknown code means a damaged file."""
    return _BY_CODE.get(code, DamagedFileError)(**values)
