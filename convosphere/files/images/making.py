"""How an image is made of a stranger's bytes. For a process of its own, see `apart`."""

import io

from PIL import ExifTags, Image

from convosphere.files.errors import ImageRefusedError
from convosphere.files.images.schemas import LONGEST_SIDE, MadeImage
from convosphere.identity.errors import AvatarRefusedError
from convosphere.identity.pictures import DAMAGED, FORMATS, TURNS, check_size


def make_image(data: bytes) -> MadeImage:
    """Shrink an image and encode it anew, upright and on white, so that nothing else of the file remains.

    Its size is known from its head, before a pixel is decoded. Of a moving image the first frame is taken.

    Raises:
        ImageRefusedError: it is no image, damaged, or too large.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            check_size(opened)
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            turn = TURNS.get(opened.getexif().get(ExifTags.Base.Orientation, 1))
            small = _on_white(opened)
            small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
            upright = small.transpose(turn.act) if turn else small
            encoded = io.BytesIO()
            upright.save(encoded, "JPEG", quality=85, optimize=True)
    except (AvatarRefusedError, *DAMAGED):
        raise ImageRefusedError from None
    return MadeImage(encoded.getvalue(), *upright.size)


def _on_white(opened: Image.Image) -> Image.Image:
    """The pixels alone: what else a file carried hangs on the object that was read."""
    image = Image.new("RGB", opened.size, "white")
    if opened.has_transparency_data:
        seen = opened.convert("RGBA")
        image.paste(seen, mask=seen.getchannel("A"))
    else:
        image.paste(opened.convert("RGB"))
    return image
