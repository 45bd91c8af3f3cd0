"""What a service asks of the kernel, in order: writes and syncs of its files, and what it sends.

    python -m tests.faults.syscalls OUT DATABASE URL COMMAND...

Starts COMMAND, and once URL answers traces it by ptrace, which Linux lets every parent do: nothing
to install. Prints `ready`; when its standard input is closed it ends the command and pickles to
OUT the files as they were at the beginning and the events since.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pickle
import platform
import signal
import struct
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

_SEIZE, _INTERRUPT, _SYSCALL, _INFO = 0x4206, 0x4207, 24, 0x420E
_OPTIONS = 0x1 | 0x8  # syscall stops are marked; new threads are traced too
_WALL = 0x40000000
_ENTRY, _EXIT = 1, 2
_CALLS = {
    "x86_64": {1: "write", 18: "pwrite", 20: "writev", 44: "send", 46: "sendmsg", 74: "sync",
               75: "sync", 77: "truncate"},
    "aarch64": {64: "write", 68: "pwrite", 66: "writev", 206: "send", 211: "sendmsg", 82: "sync",
                83: "sync", 46: "truncate"},
}  # fmt: skip

_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
_libc.ptrace.restype = ctypes.c_long


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes handed to the kernel for a file; in a crash they may be lost until it is synced."""

    file: str
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Truncate:
    file: str
    size: int


@dataclass(frozen=True, slots=True)
class Sync:
    """A finished sync: what was written to `file` before event number `before` is on the disk."""

    file: str
    before: int


@dataclass(frozen=True, slots=True)
class Sent:
    """Bytes about to leave through a socket."""

    data: bytes


Event = Write | Truncate | Sync | Sent


@dataclass(frozen=True, slots=True)
class Recording:
    """`files` by name, as they were when the recording began."""

    files: dict[str, bytes]
    events: list[Event]


class Recorder:
    """Traces one process and all its threads."""

    def __init__(self, pid: int, database: Path) -> None:
        self._pid = pid
        self._folder = database.parent
        self._names = {f"{database.name}{end}" for end in ("", "-wal", "-journal")}
        self._calls = _CALLS[platform.machine()]
        self._memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
        self._begun: dict[int, tuple[str, str, Event | int]] = {}
        self._info = ctypes.create_string_buffer(88)
        self.events: list[Event] = []

    def begin(self) -> dict[str, bytes]:
        """Halt every thread, look at the files, and let all go on."""
        threads: set[int] = set()
        while new := {int(name) for name in os.listdir(f"/proc/{self._pid}/task")} - threads:
            for thread in new:
                _ptrace(_SEIZE, thread, _OPTIONS)
                _ptrace(_INTERRUPT, thread, 0)
                os.waitpid(thread, _WALL)
            threads |= new
        found = {name: self._folder / name for name in self._names}
        files = {name: path.read_bytes() for name, path in found.items() if path.exists()}
        for thread in threads:
            _ptrace(_SYSCALL, thread, 0)
        return files

    def run(self) -> None:
        """Until the process has ended."""
        while True:
            try:
                thread, status = os.waitpid(-1, _WALL)
            except ChildProcessError:
                return
            if not os.WIFSTOPPED(status):
                self._begun.pop(thread, None)
                continue
            number, passed = os.WSTOPSIG(status), 0
            if number == signal.SIGTRAP | 0x80:
                self._stopped(thread)
            elif status >> 16 == 0:
                passed = number  # a signal on its way
            with contextlib.suppress(ProcessLookupError):
                _ptrace(_SYSCALL, thread, passed)

    def _stopped(self, thread: int) -> None:
        size = _libc.ptrace(_INFO, thread, len(self._info), ctypes.addressof(self._info))
        if size <= 0:
            return
        kind = self._info.raw[0]
        if kind == _ENTRY:
            number, *arguments = struct.unpack_from("<7Q", self._info.raw, 24)
            call = self._calls.get(number)
            if call is not None:
                self._enters(thread, call, arguments)
        elif kind == _EXIT and thread in self._begun:
            (result,) = struct.unpack_from("<q", self._info.raw, 24)
            self._leaves(*self._begun.pop(thread), result)

    def _enters(self, thread: int, call: str, arguments: list[int]) -> None:
        handle, address, size, offset = arguments[:4]
        try:
            target = os.readlink(f"/proc/{self._pid}/fd/{handle}")
        except OSError:
            return
        if target.startswith("socket:"):
            if call in ("write", "send", "writev", "sendmsg"):
                self.events.append(Sent(self._bytes(call, address, size)))
            return
        path = Path(target)
        if path.parent != self._folder or path.name not in self._names:
            return
        if call == "sync":
            self._begun[thread] = (call, path.name, len(self.events))
        elif call == "truncate":
            self._begun[thread] = (call, path.name, Truncate(path.name, address))
        elif call in ("write", "pwrite"):
            at = offset if call == "pwrite" else self._position(handle)
            data = self._bytes(call, address, size)
            self._begun[thread] = (call, path.name, Write(path.name, at, data))
        else:
            raise AssertionError(f"{path.name} is written by {call}, which is not followed")

    def _leaves(self, call: str, file: str, what: Event | int, result: int) -> None:
        if result < 0:
            return
        if isinstance(what, int):
            self.events.append(Sync(file, what))
        elif isinstance(what, Write):
            self.events.append(Write(file, what.offset, what.data[:result]))
        else:
            self.events.append(what)

    def _position(self, handle: int) -> int:
        told = Path(f"/proc/{self._pid}/fdinfo/{handle}").read_text("utf-8")
        return int(told.split()[1])

    def _bytes(self, call: str, address: int, size: int) -> bytes:
        if call in ("write", "pwrite", "send"):
            return os.pread(self._memory, size, address)
        if call == "sendmsg":
            address, size = struct.unpack("<QQ", os.pread(self._memory, 16, address + 16))
        parts = os.pread(self._memory, 16 * size, address)
        return b"".join(
            os.pread(self._memory, length, start)
            for start, length in struct.iter_unpack("<QQ", parts)
        )


def _ptrace(request: int, thread: int, data: int) -> None:
    if _libc.ptrace(request, thread, None, data) < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def main() -> None:
    out, database, url, *command = sys.argv[1:]
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(url, timeout=5).close()
                break
            except OSError:
                assert child.poll() is None, "the service has ended"
                assert time.monotonic() < deadline, f"{url} did not answer within 60 s"
                time.sleep(0.05)
        recorder = Recorder(child.pid, Path(database))
        files = recorder.begin()

        def wait_for_end() -> None:
            sys.stdin.read()
            child.send_signal(signal.SIGTERM)

        threading.Thread(target=wait_for_end, daemon=True).start()
        print("ready", flush=True)
        recorder.run()
        Path(out).write_bytes(pickle.dumps(Recording(files, recorder.events)))
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)


if __name__ == "__main__":
    # What is pickled must be found again under its module's own name.
    from tests.faults import syscalls

    syscalls.main()
