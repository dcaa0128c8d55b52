"""Taking documents along: their files, or what is known of them. Each ends in a file that is made while it is sent."""

from convosphere.core.permissions import Permission
from convosphere.knowledge.bulk.actions.base import BulkAction
from convosphere.knowledge.queries.access import TAKE


class Download(BulkAction):
    """The files of documents as one ZIP."""

    name = "download"
    permission = Permission.DOCUMENT_READ
    level = TAKE
    is_streamed = True


class ExportMetadata(BulkAction):
    """What is known of documents as a table."""

    name = "export"
    permission = Permission.DOCUMENT_READ
    level = "view"
    is_streamed = True
