"""Takes away from the current process what reading a file does not need. Linux does all of it, other systems less."""

import ctypes
import math
import os
import resource
import signal
import sys

_SET_PARENT_DEATH_SIGNAL = 1
_SET_DUMPABLE = 4
_SET_NO_NEW_PRIVILEGES = 38
_MEBIBYTE = 1 << 20
_OPEN_FILES = 64


def confine_process() -> None:
    """For the whole life of the process: dies with its parent, gains no rights, writes no file, dumps no core."""
    if sys.platform == "linux":
        library = ctypes.CDLL(None, use_errno=True)
        library.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
        library.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        library.prctl(_SET_DUMPABLE, 0, 0, 0, 0)
    sys.dont_write_bytecode = True
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NOFILE, _OPEN_FILES)


def confine_memory(megabytes: int, *, starts_programs: bool = False) -> None:
    """So much memory on top of what there is, and no further process, unless its work needs a program."""
    _lower(resource.RLIMIT_AS, _address_space() + megabytes * _MEBIBYTE)
    if not starts_programs:
        _lower(resource.RLIMIT_NPROC, 0)


def confine_time(seconds: int) -> None:
    """For one file: processor time on top of what is used up."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used.ru_utime + used.ru_stime) + seconds, hard))


def _address_space() -> int:
    """Bytes of address space in use; Linux has them in /proc, elsewhere the limit is counted from a rough guess."""
    if sys.platform != "linux":
        return 512 * _MEBIBYTE
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - /proc is no path to a file of ours.
        return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def _lower(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))
