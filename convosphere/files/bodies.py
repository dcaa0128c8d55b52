"""Bodies of requests as they arrive."""

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect, Request

from convosphere.files.errors import UploadIncompleteError
from convosphere.files.service import UPLOAD_SECONDS

STALLED_SECONDS = 60
"""A sender that sends nothing for so long is gone."""


async def chunks_of(request: Request) -> AsyncIterator[bytes]:
    """The body in pieces.

    Raises:
        UploadIncompleteError: it broke off, stood still or took too long.
    """
    stream = aiter(request.stream())
    end = asyncio.get_running_loop().time() + UPLOAD_SECONDS
    try:
        while True:
            left = end - asyncio.get_running_loop().time()
            async with asyncio.timeout(min(left, STALLED_SECONDS)):
                chunk = await anext(stream, None)
            if chunk is None:
                return
            yield chunk
    except (ClientDisconnect, TimeoutError):
        raise UploadIncompleteError from None
