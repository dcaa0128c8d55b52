"""Memory that nobody needs any more, and such that is needed for good."""

import ctypes
import gc


def give_back_memory() -> None:
    """Give what was freed back to the system, where the C library takes that order, as glibc does.

    It keeps what a big import or a start has left free for what may come: 17 MB after that of litellm.
    """
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)


def keep_for_good() -> None:
    """Have the collector of garbage leave alone what there is: to look it all through halts everybody 0.1 s.

    What nobody writes to also stays shared with processes that are forked from here.
    """
    gc.collect()
    gc.freeze()
    give_back_memory()
