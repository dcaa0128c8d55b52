"""All kinds of sources. A new one is a file beside this one, and its name here."""

from typing import Final

from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.knowledge.sources.kinds.base import Kind
from convosphere.knowledge.sources.kinds.bucket import BUCKET
from convosphere.knowledge.sources.kinds.directory import DIRECTORY
from convosphere.knowledge.sources.kinds.feed import FEED
from convosphere.knowledge.sources.kinds.git import GIT
from convosphere.knowledge.sources.kinds.imap import IMAP
from convosphere.knowledge.sources.kinds.web import PAGE, SITE
from convosphere.knowledge.sources.kinds.webdav import WEBDAV

KINDS: Final = {kind.key: kind for kind in (PAGE, SITE, FEED, WEBDAV, BUCKET, GIT, IMAP, DIRECTORY)}


def get_kind(key: str) -> Kind:
    """A kind by its key.

    Raises:
        InvalidInputError: there is none.
    """
    if key not in KINDS:
        raise InvalidInputError(t("The request could not be read."))
    return KINDS[key]
