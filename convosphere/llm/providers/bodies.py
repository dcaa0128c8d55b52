"""Bodies of answers, of which a provider may send more than a server has room for."""

import aiohttp


async def read_at_most(response: aiohttp.ClientResponse, most: int) -> bytes:
    """The whole body, unpacked.

    Raises:
        OverflowError: it has more than `most` bytes.
    """
    parts: list[bytes] = []
    left = most
    async for part in response.content.iter_any():
        left -= len(part)
        if left < 0:
            raise OverflowError("A body has no end.")
        parts.append(part)
    return b"".join(parts)
