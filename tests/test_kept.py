"""The built parser is kept where nobody else can put another one, and never at the price of an answer."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest

from symmat.language import grammar, kept

ASK = "import symmat; print(symmat.diff('X^2'))"


def ask(**environment):
    """A new process that reads a text."""
    given = {k: v for k, v in (os.environ | environment).items() if v is not None}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", ASK], capture_output=True, text=True, env=given, timeout=60
    )
    assert (done.stdout, done.stderr, done.returncode) == ("dF = dX X + X dX\n", "", 0)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def kept_in(cache):
    return sorted(p.name for p in cache.rglob("*") if p.is_file())


def test_the_parser_is_kept_and_read_again(cache):
    ask(XDG_CACHE_HOME=str(cache))
    [name] = kept_in(cache)
    before = (cache / "symmat" / name).stat()
    assert before.st_mode & 0o077 == 0
    ask(XDG_CACHE_HOME=str(cache))
    after = (cache / "symmat" / name).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert kept_in(cache) == [name]


def test_what_is_kept_comes_back(cache):
    kept.save("a", b"1\n2")
    assert kept.load("a") == b"1\n2"
    assert kept.load("b") is None


def odd(kind, cache):
    """A cache directory that is not to be used."""
    own = cache / "symmat"
    if kind == "others may write it":
        own.mkdir()
        own.chmod(0o777)
    elif kind == "others may exchange it":
        own.mkdir()
        cache.chmod(0o777)
    elif kind == "a file":
        own.write_text("")
    elif kind == "a link to a directory that others may write":
        (cache / "other").mkdir()
        (cache / "other").chmod(0o777)
        own.symlink_to(cache / "other")
    elif kind == "a link to nothing":
        own.symlink_to(cache / "nothing")
    elif kind == "a link to itself":
        own.symlink_to(own)
    elif kind == "somebody else's":
        own.mkdir()
        if os.getuid() == 0:
            os.chown(own, 12345, 12345)
        else:
            own.chmod(0o777)
    elif kind == "a FIFO":
        os.mkfifo(own)


@pytest.mark.parametrize(
    "kind",
    ["others may write it", "others may exchange it", "a file", "a link to a directory that others may write",
     "a link to nothing", "a link to itself", "somebody else's", "a FIFO"],
)  # fmt: skip
def test_a_directory_that_is_not_the_users_own_is_not_used(kind, cache):
    odd(kind, cache)
    before = kept_in(cache)
    assert kept.folder() is None
    kept.save("a", b"1")
    assert kept.load("a") is None
    assert kept_in(cache) == before


def replaced(kind, path):
    """A file in the place of what was kept."""
    data = path.read_bytes()
    path.unlink()
    if kind == "a FIFO":
        os.mkfifo(path)
    elif kind == "a link":
        path.with_name("b").write_bytes(data)
        path.symlink_to(path.with_name("b"))
    elif kind == "a device":
        path.symlink_to("/dev/zero")
    elif kind == "a directory":
        path.mkdir()
    elif kind == "cut short":
        path.write_bytes(data[:-1])
    elif kind == "changed":
        path.write_bytes(data[:-1] + b"2")
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "others may write it":
        path.write_bytes(data)
        path.chmod(0o666)
    elif kind == "large":
        with path.open("wb") as file:
            file.truncate(10 * kept.LARGEST)


@pytest.mark.parametrize(
    "kind",
    ["a FIFO", "a link", "a device", "a directory", "cut short", "changed", "empty", "others may write it", "large"],
)
def test_a_file_that_is_not_what_was_kept_is_not_read(kind, cache):
    kept.save("a", b"1")
    replaced(kind, cache / "symmat" / "a")
    assert kept.load("a") is None
    kept.save("a", b"3")
    assert kept.load("a") == (None if kind == "a directory" else b"3")


def test_a_full_disk_is_no_error(cache, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    kept.save("a", b"1")
    assert kept_in(cache) == []
    monkeypatch.setattr(kept.tempfile, "mkstemp", full)
    kept.save("a", b"1")
    assert kept.load("a") is None


@pytest.mark.parametrize(
    "path",
    ["relative", ".", "~/x", "/dev/null", "/proc/self", "/nowhere/x\ny", "/" + "x" * 5000, "//", " ", "/\udcff", None],
)
@pytest.mark.parametrize("home", ["", "relative", "/dev/null", "/nonexistent/home", None])
def test_odd_paths_mean_no_cache_and_no_error(path, home, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, value in (("XDG_CACHE_HOME", path), ("HOME", home)):
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)
    monkeypatch.setattr(Path, "mkdir", lambda *_, **__: None)  # nothing is made outside of the test's directory
    monkeypatch.setattr(kept.tempfile, "mkstemp", lambda **_: (_ for _ in ()).throw(OSError))
    kept.save("a", b"1")
    assert kept.load("a") is None
    assert kept_in(tmp_path) == []


@pytest.mark.parametrize("path", ["relative", "/dev/null", ""])
def test_a_text_is_read_without_a_cache(path):
    ask(XDG_CACHE_HOME=path, HOME="/nonexistent")


class Evil:
    def __reduce__(self):
        return print, ("pwned",)


def test_a_kept_parser_holds_no_code(cache, capsys):
    with pytest.raises(pickle.UnpicklingError, match="no part of a parser"):
        grammar.Data(BytesIO(pickle.dumps({"data": Evil()}))).load()
    assert capsys.readouterr().out == ""


def test_what_is_no_parser_is_built_again(monkeypatch):
    monkeypatch.setattr(grammar, "load", lambda name: pickle.dumps({"data": Evil()}))
    monkeypatch.setattr(grammar, "save", lambda name, data: None)
    grammar.parser.cache_clear()
    try:
        assert grammar.parser().rules
    finally:
        grammar.parser.cache_clear()
