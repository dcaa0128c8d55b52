"""Buckets of S3 and of what speaks like it: MinIO, Ceph, Garage and others."""

import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

from convosphere.core.addresses import allow_list
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.model import utc_now
from convosphere.core.settings import get_settings
from convosphere.knowledge.service.uploads import most_bytes
from convosphere.knowledge.sources.errors import EntryError, SourceError
from convosphere.knowledge.sources.fetching import Answer, Fetcher, open_fetcher, refused_status
from convosphere.knowledge.sources.kinds.base import Kind, Option, is_readable, place_of
from convosphere.knowledge.sources.kinds.web import checked_address
from convosphere.knowledge.sources.reading.apart import Reader
from convosphere.knowledge.sources.schemas import Entry, Known, Options
from convosphere.knowledge.sources.signing import Key, quoted, signed_headers

MOST_LISTS: Final = 1_000
"""Of a thousand names each."""
MOST_ANSWER_BYTES: Final = 20 * 1024 * 1024
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9]")
_REGION: Final = re.compile(r"[a-z0-9\-]{2,40}")


class BucketSource:
    """All objects of a bucket whose keys begin with a prefix."""

    def __init__(self, fetcher: Fetcher, reader: Reader, address: str, prefix: str, key: Key | None) -> None:
        self.is_complete = True
        self._fetcher, self._reader, self._key = fetcher, reader, key
        self._address, self._prefix = address, prefix

    async def entries(self, known: Mapping[str, Known]) -> AsyncGenerator[Entry]:
        """A thousand at a time, by keys."""
        del known
        token = ""
        for _ in range(MOST_LISTS):
            query = {"list-type": "2", "prefix": self._prefix, **({"continuation-token": token} if token else {})}
            said = "&".join(f"{quoted(name)}={quoted(value)}" for name, value in sorted(query.items()))
            async with self._ask(f"{self._address}?{said}") as answer:
                if answer.status != 200:
                    raise SourceError(refused_status(answer.status, self._address))
                tree = await self._reader.tree(await answer.read(MOST_ANSWER_BYTES))
            if tree.tag != "listbucketresult":
                raise SourceError(t("There is no S3 storage at this address."))
            for each in tree.find_all("contents"):
                name = each.value("key")
                folder, last = place_of(name.removeprefix(self._prefix).lstrip("/"))
                if is_readable(last) and each.value("size") != "0":
                    yield Entry(name, last, folder, fingerprint=each.value("etag")[:200])
            token = tree.value("nextcontinuationtoken")
            if not token or tree.value("istruncated") != "true":
                return
        self.is_complete = False

    async def read(self, entry: Entry) -> AsyncGenerator[bytes]:
        """The object as it is now."""
        url = f"{self._address}/{quoted(entry.key, '/')}"
        async with self._ask(url) as answer:
            if answer.status != 200:
                raise EntryError(refused_status(answer.status, url))
            async for chunk in answer.chunks(most_bytes()):
                yield chunk

    def _ask(self, url: str) -> AbstractAsyncContextManager[Answer]:
        return self._fetcher.ask(url, secrets=signed_headers(url, self._key, utc_now()) if self._key else None)


def _check(options: Options) -> Options:
    if not _BUCKET.fullmatch(options["bucket"]):
        raise InvalidInputError(t("Please enter the name of a bucket: small letters, digits, dots and hyphens."))
    if not _REGION.fullmatch(options["region"]):
        raise InvalidInputError(t("Please enter a region such as eu-central-1."))
    return checked_address(options)


@asynccontextmanager
async def _open(options: Options, secret: str) -> AsyncGenerator[BucketSource]:
    key = Key(options["user"], secret, options["region"]) if options["user"] and secret else None
    address = f"{options['url'].rstrip('/')}/{options['bucket']}"
    async with open_fetcher(allow_list(get_settings().source_hosts)) as fetcher, Reader() as reader:
        yield BucketSource(fetcher, reader, address, options["prefix"], key)


BUCKET: Final = Kind(
    key="bucket",
    label=t("S3 bucket"),
    description=t("The objects of a bucket of Amazon S3, MinIO or another storage that speaks S3."),
    icon="cylinder",
    options=(
        Option(
            "url", t("Address of the storage"), t("Such as https://s3.eu-central-1.amazonaws.com."), is_required=True
        ),
        Option("bucket", t("Bucket"), is_required=True),
        Option("prefix", t("Only keys that begin with"), t("Such as handbook/. Empty: all.")),
        Option("region", t("Region"), default="us-east-1", is_required=True),
        Option("user", t("Access key"), t("Empty for a bucket that everybody may read.")),
    ),
    place="bucket",
    open=_open,
    check=_check,
    secret_for=("url", "user"),
    secret=Option("secret", t("Secret key")),
)
