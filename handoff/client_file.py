"""A client's YAML file, read key by key with an error that names file, line, key and cure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from handoff.errors import ClientConfigError
from handoff.nearest import meant

MAX_BYTES = 256 * 1024
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


class Section:
    """One mapping of the file. Reads remove nothing; `only` refuses keys nobody knows."""

    def __init__(
        self, path: Path, data: CommentedMap, variables: Mapping[str, str], prefix: str = ""
    ) -> None:
        self._path = path
        self._data = data
        self._variables = variables
        self._prefix = prefix

    def only(self, *keys: str) -> None:
        """Raise when the mapping has a key that is not among `keys`."""
        for key in self._data:
            if key not in keys:
                self.fail(
                    str(key),
                    "is not a key of this place",
                    meant(str(key), keys, f"Use one of: {', '.join(keys)}."),
                )

    def fail(self, key: str, wrong: str, cure: str, item: int | None = None) -> NoReturn:
        """Raise the one error: `file:line: key wrong. cure`."""
        line = self._line(key, item)
        name = f"{self._prefix}{key}" + ("" if item is None else f"[{item}]")
        raise ClientConfigError(f"{self._path}:{line}: `{name}` {wrong}.", cure=cure)

    def has(self, key: str) -> bool:
        return key in self._data

    def names(self) -> Iterator[str]:
        """The mapping's keys, each checked to be text."""
        for key in self._data:
            if not isinstance(key, str):
                self.fail(str(key), "is a key that is not text", "Put it in quotes.")
            yield key

    def text(self, key: str, *, longest: int = 200) -> str:
        """Text of 1 to `longest` characters, without control or direction characters."""
        return self._checked_text(key, self._value(key), longest, None)

    def address(self, key: str, *, longest: int = 500) -> str:
        """Text in which `${NAME}` is replaced by the setting of that name."""
        return self._expanded(key, self._checked_text(key, self._value(key), longest, None), None)

    def addresses(self, key: str, *, most: int) -> tuple[str, ...]:
        return tuple(
            self._expanded(key, self._checked_text(key, value, 500, at), at)
            for at, value in enumerate(self._items(key, most))
        )

    def words(self, key: str, *, most: int) -> tuple[str, ...]:
        """A list of different short texts."""
        found: list[str] = []
        for at, value in enumerate(self._items(key, most)):
            word = self._checked_text(key, value, 100, at)
            if word in found:
                self.fail(key, f"has `{word}` twice", "Remove one of them.", at)
            found.append(word)
        return tuple(found)

    def whole(self, key: str, least: int, most: int) -> int:
        value = self._value(key)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.fail(
                key,
                f"must be a whole number, not `{value}`",
                f"Write a number from {least} to {most}.",
            )
        return int(value)

    def number(self, key: str, least: float, most: float) -> float:
        value = self._value(key)
        if (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and least <= value <= most
        ):
            return float(value)
        self.fail(
            key, f"must be a number, not `{value}`", f"Write a number from {least} to {most}."
        )

    def flag(self, key: str) -> bool:
        value = self._value(key)
        if isinstance(value, bool):
            return value
        self.fail(key, f"must be true or false, not `{value}`", "Write true or false.")

    def section(self, key: str) -> Section:
        value = self._value(key)
        if not isinstance(value, CommentedMap):
            self.fail(key, "must hold keys of its own", "Indent them below it, one a line.")
        return Section(self._path, value, self._variables, f"{self._prefix}{key}.")

    def sections(self, key: str, *, most: int) -> tuple[Section, ...]:
        found = []
        for at, value in enumerate(self._items(key, most)):
            if not isinstance(value, CommentedMap):
                self.fail(key, "must be a list of mappings", "Write `- {key: value, ...}`.", at)
            found.append(Section(self._path, value, self._variables, f"{self._prefix}{key}[{at}]."))
        return tuple(found)

    def _value(self, key: str) -> object:
        if key not in self._data:
            self.fail(key, "is missing", "Add it; docs/howto/add-a-client.md shows every key.")
        value: object = self._data[key]
        if value is None:
            self.fail(
                key, "has no value", "Write one. A value that begins with # must be in quotes."
            )
        return value

    def _items(self, key: str, most: int) -> CommentedSeq:
        value = self._value(key)
        if not isinstance(value, CommentedSeq):
            self.fail(key, "must be a list", "Write [a, b] or one `- item` a line.")
        if len(value) > most:
            self.fail(key, f"has {len(value)} items", f"Keep at most {most}.")
        return value

    def _checked_text(self, key: str, value: object, longest: int, item: int | None) -> str:
        if not isinstance(value, str):
            self.fail(key, f"must be text, not `{value}`", "Put it in quotes.", item)
        text = str(value).strip()
        if not text:
            self.fail(key, "is empty", "Write a text.", item)
        if len(text) > longest:
            self.fail(key, f"has {len(text)} characters", f"Keep it to {longest}.", item)
        if _CONTROL.search(text):
            self.fail(
                key, "holds an invisible control character", "Type the text anew, plain.", item
            )
        return text

    def _expanded(self, key: str, text: str, item: int | None) -> str:
        def replaced(match: re.Match[str]) -> str:
            name = match.group(1)
            if not _NAME.fullmatch(name) or name not in self._variables:
                self.fail(
                    key,
                    f"names `${{{name}}}`, which is no setting",
                    f"Set {name} in .env, or write the value itself."
                    if _NAME.fullmatch(name)
                    else "Write ${NAME} in capital letters.",
                    item,
                )
            return self._variables[name]

        done = _VARIABLE.sub(replaced, text)
        if "${" in _VARIABLE.sub("", text):
            self.fail(key, "has `${` without its `}`", "Write ${NAME}.", item)
        if not done.strip():
            self.fail(key, "is empty once its setting is filled in", "Give it a value.", item)
        return done

    def _line(self, key: str, item: int | None) -> int:
        places = self._data.lc
        try:
            if item is not None:
                value = self._data[key]
                return int(value.lc.item(item)[0]) + 1
            return int(places.key(key)[0]) + 1
        except (KeyError, TypeError, AttributeError):
            return int(places.line) + 1


def read(path: Path, variables: Mapping[str, str]) -> Section:
    """The file's top mapping. Raises ClientConfigError for anything that is no such file."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ClientConfigError(
            f"{path}:1: cannot be read ({error.strerror}).", cure="Check the file's rights."
        ) from error
    if len(raw) > MAX_BYTES:
        raise ClientConfigError(
            f"{path}:1: is {len(raw)} bytes long.", cure=f"Keep it under {MAX_BYTES}."
        )
    try:
        data = YAML(typ="rt").load(StringIO(raw.decode("utf-8")))
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ClientConfigError(
            f"{path}:{line}: is not UTF-8.", cure="Save it as UTF-8."
        ) from error
    except DuplicateKeyError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = str(error.problem).split(" with ")[0].replace('"', "`")
        raise ClientConfigError(
            f"{path}:{line}: {problem}.", cure="Keep one of the two."
        ) from error
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ClientConfigError(
            f"{path}:{line}: is not YAML: {error.problem or error.context}.",
            cure="Check indentation, quotes and colons on this line and the one before.",
        ) from error
    except YAMLError as error:
        raise ClientConfigError(
            f"{path}:1: is not YAML: {type(error).__name__}.", cure="Save it as plain text."
        ) from error
    if not isinstance(data, CommentedMap):
        raise ClientConfigError(
            f"{path}:1: must hold keys such as `id:` and `name:`.",
            cure="Copy clients/heimbud.yml and change it.",
        )
    return Section(path, data, variables)
