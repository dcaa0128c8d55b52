"""How such a process is started; what it gives up by itself is in `confinement`."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final

import structlog

_log = structlog.get_logger(__name__)
_ROOT: Final = Path(__file__).resolve().parents[3]
_PROBE_SECONDS: Final = 10.0


def clean_environment() -> dict[str, str]:
    """What Python needs and nothing of the product's: no keys, no addresses."""
    return {
        "PATH": os.defpath,
        "PYTHONPATH": str(_ROOT),
        "PYTHONUTF8": "1",
        "PYTHONHASHSEED": "0",
        "LANG": "C.UTF-8",
        # Forking is safe only from a process with one thread, and NumPy would start some.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }


@cache
def without_network() -> tuple[str, ...]:
    """The command that starts another in a network of its own with nothing in it; () where that is not to be had.

    Linux has it, where user namespaces are allowed. Blocking, the first time.
    """
    program = shutil.which("unshare") if sys.platform == "linux" else None
    if program is None:
        return ()
    command = (program, "--user", "--net")
    tried = subprocess.run(  # noqa: S603  # Of constants.
        [*command, "true"], capture_output=True, timeout=_PROBE_SECONDS, check=False
    )
    if tried.returncode:
        _log.warning("readers_share_the_network", reason="user namespaces are not allowed here")
        return ()
    return command
