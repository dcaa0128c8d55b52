"""What can go wrong with images."""

from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import Message, t


class ImageRefusedError(InvalidInputError):
    """A file is no image, damaged, or too large."""

    code = "image_refused"

    @classmethod
    def default_message(cls) -> Message:
        return t("This is no picture that can be used. Please choose a PNG, JPEG, WebP or GIF file.")
