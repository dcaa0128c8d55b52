"""Memory that nobody needs any more."""

import ctypes


def give_back_memory() -> None:
    """Give what was freed back to the system, where the C library takes that order, as glibc does.

    It keeps what a big import or a start has left free for what may come: 17 MB after that of litellm.
    """
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)
