"""Frames bent by seed: in their fields, in their JSON, and in their letters."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from typing import Any

from handoff.protocol import examples
from handoff.protocol.codec import encode
from handoff.protocol.frames import MAX_FRAME_BYTES

# Those of the server too: sent to it, they must be refused as well.
FRAMES: tuple[dict[str, Any], ...] = tuple(
    json.loads(encode(frame))
    for side in (examples.CUSTOMER, examples.AGENT, examples.TO_CUSTOMER, examples.TO_AGENT)
    for frame in side
)
_TAGS = tuple(frame["t"] for frame in FRAMES)
_KEYS = tuple({key for frame in FRAMES for key in frame})
_DEEP = 30_000


class Raw:
    """JSON text that stands where a value would."""

    def __init__(self, text: str) -> None:
        self.text = text


Bend = Callable[[random.Random, dict[str, Any]], None]


def _odd(dice: random.Random) -> Any:
    """A value nobody meant."""
    return dice.choice(_ODD)(dice)


_ODD: tuple[Callable[[random.Random], Any], ...] = (
    lambda dice: dice.choice([None, True, False, 0, -1, 1, 0.5, "", [], {}]),
    lambda dice: dice.choice([2**31, 2**53 + 1, 2**63, 2**64, -(2**63) - 1, 10**40]),
    lambda dice: Raw(dice.choice(["NaN", "Infinity", "-Infinity", "-0", "1e400", "1E-400", "01"])),
    lambda dice: Raw("9" * dice.choice([20, 400, 5_000, 60_000])),
    lambda dice: Raw("[" * (depth := dice.randint(1, _DEEP)) + "]" * depth),
    lambda dice: Raw('{"a":' * (depth := dice.randint(1, _DEEP // 3)) + "1" + "}" * depth),
    lambda dice: Raw(dice.choice([r'"\ud800"', r'"\udc00\ud800"', r'"\ud83d\ude00"', r'"\u0000"'])),
    lambda dice: "Hei" + dice.choice(["\u0000", "\x1b[2J", "\r\n", "\x0b", "\u2028", " "]) + "du",
    lambda dice: dice.choice("aæ€😀\u202e\u0000\t\r") * dice.choice([1, 200, 201, 4_000, 4_001]),
    lambda dice: "x" * dice.choice([1_025, 60_000, MAX_FRAME_BYTES, 200_000]),
    lambda dice: [dice.choice(["a", 1, None])] * dice.choice([1, 10_000]),
    lambda dice: {str(n): None for n in range(dice.choice([1, 51, 3_000]))},
    lambda dice: dice.choice(FRAMES),
)


def _replace(dice: random.Random, frame: dict[str, Any]) -> None:
    frame[dice.choice(list(frame))] = _odd(dice)


def _rewrite(dice: random.Random, frame: dict[str, Any]) -> None:
    """Other words, where there were words."""
    texts = [key for key in ("text", "note", "name", "reach") if key in frame]
    if texts:
        frame[dice.choice(texts)] = _odd(dice)


def _retag(dice: random.Random, frame: dict[str, Any]) -> None:
    frame["t"] = dice.choice(_TAGS)


def _drop(dice: random.Random, frame: dict[str, Any]) -> None:
    del frame[dice.choice(list(frame))]


def _add(dice: random.Random, frame: dict[str, Any]) -> None:
    key = dice.choice([dice.choice(_KEYS), "x", "", "__proto__", "T", "k" * 50_000, "\ud800"])
    frame[key] = _odd(dice)


def _nest(dice: random.Random, frame: dict[str, Any]) -> None:
    key = dice.choice(list(frame))
    text = _text(frame[key])
    frame[key] = dice.choice([Raw(f"[{text}]"), Raw(f'{{"{key[:9]}":{text}}}'), text])


def _text(value: Any) -> str:
    return value.text if isinstance(value, Raw) else json.dumps(value)


def _unescaped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _merge(dice: random.Random, frame: dict[str, Any]) -> None:
    frame.update({**dice.choice(FRAMES), **frame})


_BENDS: Sequence[Bend] = (_replace, _rewrite, _rewrite, _retag, _drop, _add, _nest, _merge)


def _write(dice: random.Random, frame: dict[str, Any]) -> str:
    """As JSON; sometimes with keys that come twice, blanks, or every letter escaped."""
    separators = dice.choice([(",", ":"), (", ", ": "), (" ,\n", "\t:  ")])
    is_plain = dice.random() < 0.5
    parts = []
    for key, value in frame.items():
        text = _text(value) if is_plain or isinstance(value, Raw) else _unescaped(value)
        parts.append(f"{json.dumps(key, ensure_ascii=is_plain)}{separators[1]}{text}")
    if parts and dice.random() < 0.05:
        parts.insert(dice.randint(0, len(parts)), dice.choice(parts))
    return "{" + separators[0].join(parts) + "}"


Scratch = Callable[[random.Random, bytearray], None]


def _flip(dice: random.Random, data: bytearray) -> None:
    for _ in range(dice.randint(1, 4)):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def _cut(dice: random.Random, data: bytearray) -> None:
    del data[dice.randrange(len(data)) :]


def _lose(dice: random.Random, data: bytearray) -> None:
    begin = dice.randrange(len(data))
    del data[begin : begin + dice.randint(1, 20)]


def _double(dice: random.Random, data: bytearray) -> None:
    begin = dice.randrange(len(data))
    piece = data[begin : begin + dice.randint(1, 40)]
    data[begin:begin] = piece * dice.choice([1, 2, 500])


def _insert(dice: random.Random, data: bytearray) -> None:
    at = dice.randrange(len(data) + 1)
    data[at:at] = dice.choice(_BYTES) or dice.randbytes(dice.randint(1, 16))


def _after(dice: random.Random, data: bytearray) -> None:
    data += dice.choice([bytes(data), b" ", b"\x00", b"//", b"}", dice.randbytes(8)])


# Half an emoji, an overlong slash, one letter too high, a byte order mark, JSON's own signs.
_BYTES = (
    b"", b"", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80", b"\xff\xfe", b"\xef\xbb\xbf",
    b'"', b"\\", b"\\u", b"{", b"[", b",", b":", b"\x00", b"\r\n", b"NaN", b"1e999",
)  # fmt: skip
_SCRATCHES: Sequence[Scratch] = (_flip, _flip, _cut, _lose, _double, _insert, _insert, _after)


def bent(dice: random.Random) -> str | bytes:
    """One input: most are text, as the websocket library gives it, a few are binary messages."""
    frame = dict(dice.choice(FRAMES))
    for _ in range(dice.choice([0, 1, 1, 1, 2])):
        if frame:
            dice.choice(_BENDS)(dice, frame)
    data = bytearray(_write(dice, frame), "utf-8", "surrogatepass")
    for _ in range(dice.choice([0, 0, 0, 0, 1, 2])):
        if data:
            dice.choice(_SCRATCHES)(dice, data)
    how = dice.choice(["surrogateescape", "surrogatepass", "replace", "ignore", "binary"])
    if how == "binary" and dice.random() < 0.2:
        return bytes(data)
    return data.decode("utf-8", "replace" if how in ("binary", "surrogatepass") else how)
