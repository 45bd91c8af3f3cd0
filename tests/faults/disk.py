"""What SQLite writes and syncs, recorded, and the files as a power cut would leave them.

A file system keeps what was synced; of what was written since it may keep anything. SQLite is
given a layer above its own (https://www.sqlite.org/vfs.html) that notes each write, cut and sync
and passes it on. Nothing but Python's own `ctypes` is needed.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from handoff.storage.address import sqlite_driver

_POINTER, _INT, _LONG = ctypes.c_void_p, ctypes.c_int, ctypes.c_int64
_OPEN = ctypes.CFUNCTYPE(_INT, _POINTER, _POINTER, _POINTER, _INT, _POINTER)
_WRITE = ctypes.CFUNCTYPE(_INT, _POINTER, _POINTER, _INT, _LONG)
_CUT = ctypes.CFUNCTYPE(_INT, _POINTER, _LONG)
_SYNC = ctypes.CFUNCTYPE(_INT, _POINTER, _INT)
# sqlite3_io_methods holds 19 words at most: the version, then functions, of which these are ours.
_METHODS, _AT_WRITE, _AT_CUT, _AT_SYNC = 19, 3, 4, 5
_METHODS_OF_VERSION = {1: 13, 2: 17, 3: 19}


class _Vfs(ctypes.Structure):
    """`sqlite3_vfs`, version 3."""

    _fields_ = (
        ("iVersion", _INT),
        ("szOsFile", _INT),
        ("mxPathname", _INT),
        ("pNext", _POINTER),
        ("zName", ctypes.c_char_p),
        ("pAppData", _POINTER),
        ("xOpen", _POINTER),
        ("rest", _POINTER * 15),
    )


@dataclass(frozen=True, slots=True)
class Written:
    path: str
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Cut:
    path: str
    size: int


@dataclass(frozen=True, slots=True)
class Synced:
    """What of `path` stood in the record before `mark` is on the disk."""

    path: str
    mark: int


@dataclass(frozen=True, slots=True)
class Told:
    """Bytes that tell of a stored line are about to leave; `cmid` is the line's."""

    cmid: str


Entry = Written | Cut | Synced | Told


@dataclass(slots=True)
class Record:
    """In the order it happened. `first` is what the files held when they were opened."""

    entries: list[Entry] = field(default_factory=list)
    first: dict[str, bytes] = field(default_factory=dict)


@contextlib.contextmanager
def recorded() -> Iterator[Record]:
    """Every SQLite file that is opened for writing within the block is recorded."""
    record, kept = Record(), []
    bundled = sqlite_driver().__name__ == "pysqlite3.dbapi2"
    driver = importlib.import_module("pysqlite3._sqlite3" if bundled else "_sqlite3")
    library = ctypes.CDLL(str(driver.__file__))
    library.sqlite3_vfs_find.restype = _POINTER
    library.sqlite3_vfs_find.argtypes = [ctypes.c_char_p]
    library.sqlite3_vfs_register.argtypes = [_POINTER, _INT]
    library.sqlite3_vfs_unregister.argtypes = [_POINTER]
    below = _Vfs.from_address(library.sqlite3_vfs_find(None))
    ours = _Vfs.from_buffer_copy(below)
    ours.zName, ours.pNext = b"recorded", None
    opened = _OPEN(below.xOpen)

    def open_(vfs: int, name: Any, file: int, flags: int, out: Any) -> int:
        # SQLite looks beyond the name's end, so it is passed on as the address it is.
        code: int = opened(vfs, name, file, flags, out)
        methods = _POINTER.from_address(file)
        if code == 0 and methods.value and name:
            path = ctypes.string_at(name).decode()
            if path not in record.first:
                record.first[path] = Path(path).read_bytes()
            table, functions = _watched(methods.value, path, record.entries)
            kept.append((table, functions))
            methods.value = ctypes.addressof(table)
        return code

    hook = _OPEN(open_)
    ours.xOpen = ctypes.cast(hook, _POINTER)
    library.sqlite3_vfs_register(ctypes.addressof(ours), 1)
    try:
        yield record
    finally:
        library.sqlite3_vfs_unregister(ctypes.addressof(ours))
        # A connection that is still open calls into these for as long as it lives.
        _ALIVE.append((ours, hook, kept))


_ALIVE: list[Any] = []


def _watched(address: int, path: str, entries: list[Entry]) -> tuple[Any, list[Any]]:
    """A copy of a file's table of functions whose writes, cuts and syncs are noted."""
    version = _INT.from_address(address).value
    size = _METHODS_OF_VERSION[min(version, 3)]
    table = (_POINTER * _METHODS)(*(_POINTER * size).from_address(address))
    write, cut, sync = (
        kind(table[at] or 0)
        for kind, at in ((_WRITE, _AT_WRITE), (_CUT, _AT_CUT), (_SYNC, _AT_SYNC))
    )

    def write_(file: int, data: int, size: int, offset: int) -> int:
        entries.append(Written(path, offset, ctypes.string_at(data, size)))
        code: int = write(file, data, size, offset)
        return code

    def cut_(file: int, size: int) -> int:
        entries.append(Cut(path, size))
        code: int = cut(file, size)
        return code

    def sync_(file: int, flags: int) -> int:
        mark = len(entries)
        code: int = sync(file, flags)
        if code == 0:
            entries.append(Synced(path, mark))
        return code

    hooks = [_WRITE(write_), _CUT(cut_), _SYNC(sync_)]
    for at, hook in zip((_AT_WRITE, _AT_CUT, _AT_SYNC), hooks, strict=True):
        table[at] = ctypes.cast(hook, _POINTER).value
    return table, [*hooks, write, cut, sync]


def told(record: Record) -> Iterator[tuple[str, Callable[[Random | None], dict[str, bytes]]]]:
    """At every telling its `cmid`, and what a power cut in that moment leaves of each file.

    Nothing that was not synced without a `Random`; with one, of each such write whether it is
    there is left to chance.
    """
    disk = {path: bytearray(data) for path, data in record.first.items()}
    pending: dict[str, list[tuple[int, Written | Cut]]] = {path: [] for path in disk}

    def left(chance: Random | None) -> dict[str, bytes]:
        files = {}
        for path, data in disk.items():
            file = bytearray(data)
            for _, entry in pending[path]:
                if chance is not None and chance.random() < 0.5:
                    _apply(file, entry)
            files[path] = bytes(file)
        return files

    for number, entry in enumerate(record.entries):
        if isinstance(entry, Told):
            yield entry.cmid, left
        elif isinstance(entry, Synced):
            waiting = pending[entry.path]
            for _, change in (one for one in waiting if one[0] < entry.mark):
                _apply(disk[entry.path], change)
            pending[entry.path] = [one for one in waiting if one[0] >= entry.mark]
        else:
            pending[entry.path].append((number, entry))


def _apply(file: bytearray, change: Written | Cut) -> None:
    if isinstance(change, Cut):
        del file[change.size :]
        return
    file.extend(bytes(max(0, change.offset - len(file))))
    file[change.offset : change.offset + len(change.data)] = change.data
