"""ES modules as they travel: one script, without comments and indentation, compressed once.

The modules in `handoff/web` are all there is to edit; nothing is built beforehand. They keep to
a style that makes this safe: comments on lines of their own, semicolons, imports by relative path
without renaming, no name declared twice at the top of two modules, no template within a template,
and no pattern right after a word.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

_IMPORT = re.compile(r'^import [^;]*?from "([^"]+)";\n', re.M)
_COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*\*.*?\*/)\n", re.M | re.S)
# After these a new line means nothing, neither in a script nor in a style sheet: every statement
# that is no block ends in a semicolon.
_JOINED = re.compile(r"(?<=[{}(\[,;])\n")
# What is read over, so that nothing in it is changed: strings, templates, comments, and a pattern
# after what cannot be followed by a division. Blanks beside punctuation mean nothing elsewhere.
_TOKEN = re.compile(
    r"""
      "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' | `(?:[^`\\]|\\.)*` | //[^\n]*
    | [ ]*(?P<before>[(,=:?&|>!\[]+)\s*
      (?P<pattern>/(?![/*])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\]|\\.)*\])+/\w*)
    | [ ]*(?P<sign>[{}()\[\],;:=?<>&|]+)[ ]*
    """,
    re.VERBOSE | re.DOTALL,
)
_DECLARED = re.compile(r"^(?:export )?(?:const|let|class|(?:async )?function) (\w+)", re.M)


@dataclass(frozen=True, slots=True)
class Script:
    """A script ready to be served. `etag` changes with its content."""

    text: bytes
    packed: bytes
    etag: str

    def response(self, request: Request) -> Response:
        headers = {"ETag": self.etag, "Vary": "Accept-Encoding", "Cache-Control": "no-cache"}
        if request.headers.get("If-None-Match") == self.etag:
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(self.packed, headers=headers, media_type="text/javascript")
        return Response(self.text, headers=headers, media_type="text/javascript")


def bundle(entry: Path) -> Script:
    """`entry` and all that it imports by relative path, each module before those that need it.

    Only what `entry` exports is exported. Raises ValueError when two modules declare the same
    name at their top, OSError when a module is not there.
    """
    parts: dict[Path, str] = {}
    _collect(entry.resolve(), parts)
    declared: dict[str, Path] = {}
    for path, body in parts.items():
        for name in _DECLARED.findall(body):
            if name in declared:
                raise ValueError(f"{path} and {declared[name]} both declare `{name}`: rename one.")
            declared[name] = path
    lines = (line.strip() for body in parts.values() for line in body.splitlines())
    joined = _JOINED.sub("", "".join(f"{line}\n" for line in lines if line))
    text = _TOKEN.sub(_squeezed, joined).encode()
    digest = hashlib.sha256(text).hexdigest()[:16]
    return Script(text, _compressed(text), f'"{digest}"')


def _squeezed(token: re.Match[str]) -> str:
    if token["pattern"]:
        return token["before"] + token["pattern"]
    return token["sign"] or token[0]


def _compressed(text: bytes) -> bytes:
    """Gzip with all the memory that the format's window can use."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31, zlib.DEF_MEM_LEVEL + 1)
    return packer.compress(text) + packer.flush()


def _collect(path: Path, parts: dict[Path, str], *, inner: bool = False) -> None:
    source = _COMMENT.sub("", path.read_text("utf-8"))
    for relative in _IMPORT.findall(source):
        needed = (path.parent / relative).resolve()
        if needed not in parts:
            _collect(needed, parts, inner=True)
    body = _IMPORT.sub("", source)
    parts[path] = re.sub(r"^export ", "", body, flags=re.M) if inner else body
