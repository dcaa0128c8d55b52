"""A disk that can be full."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from convosphere.core.settings import get_settings


@pytest.fixture
def tiny_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data directory on a disk of 2 MB."""
    if os.getuid() != 0:
        pytest.skip("Only root may mount a disk of a given size.")
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"This machine lets nobody mount: {done.stderr.strip()}")
    monkeypatch.setenv("CONVOSPHERE_DATA", str(disk))
    get_settings.cache_clear()
    yield disk
    subprocess.run(["umount", str(disk)], check=True)
