"""Files in the user's cache directory that nobody else may write.

Where that directory is not the user's own, or odd in any way, nothing is kept, and nothing is said.
"""

from __future__ import annotations

import os
import stat
import tempfile
from hashlib import sha256
from pathlib import Path

LARGEST = 10_000_000
"""In bytes: no file of ours is larger."""
OTHERS = stat.S_IWGRP | stat.S_IWOTH


def load(name: str) -> bytes | None:
    """What was kept under a name, as it was."""
    own = folder()
    if own is None:
        return None
    try:
        digest, _, data = _read(own / name).partition(b"\n")
    except OSError:
        return None
    return data if digest == _digest(data) else None


def save(name: str, data: bytes) -> None:
    """Keep data under a name: all of it or nothing."""
    own = folder()
    if own is None:
        return
    try:
        handle, temporary = tempfile.mkstemp(dir=own)
    except OSError:
        return
    try:
        with open(handle, "wb") as file:
            file.write(_digest(data) + b"\n" + data)
        os.replace(temporary, own / name)
    except OSError:
        Path(temporary).unlink(missing_ok=True)


def folder() -> Path | None:
    """``symmat`` in the user's cache directory, made if need be."""
    try:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        if not cache.is_absolute():
            return None
        own = cache.resolve() / "symmat"
        own.mkdir(mode=0o700, parents=True, exist_ok=True)
        safe = _is_own(own.lstat()) and all(_is_settled(parent.lstat()) for parent in own.parents)
    except (OSError, RuntimeError, ValueError):
        return None
    return own if safe and own.is_dir() and not own.is_symlink() else None


def _is_own(found: os.stat_result) -> bool:
    """Whether it is the user's, and nobody else may write it."""
    return not hasattr(os, "getuid") or (found.st_uid == os.getuid() and not found.st_mode & OTHERS)


def _is_settled(found: os.stat_result) -> bool:
    """Whether nobody but the user and the system may put another directory in the place of one in it."""
    theirs = hasattr(os, "getuid") and found.st_uid not in (0, os.getuid())
    return not theirs and (not found.st_mode & OTHERS or bool(found.st_mode & stat.S_ISVTX))


def _read(path: Path) -> bytes:
    """A regular file of the user's: no link, and no FIFO or device, which might never end."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags), "rb") as file:
        found = os.fstat(file.fileno())
        return file.read() if stat.S_ISREG(found.st_mode) and _is_own(found) and found.st_size <= LARGEST else b""


def _digest(data: bytes) -> bytes:
    return sha256(data).hexdigest().encode()
