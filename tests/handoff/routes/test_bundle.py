"""Modules become one script that means the same and is small."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from starlette.requests import Request

from handoff.routes.bundle import Script, bundle

ENTRY = """// The entry.
import { one } from "./one.js";
import {
  two,
} from "../shared/two.js";

/** Said
 * at length. */
export class Entry {
  said = `https://x.no/${one(two)}`; // kept: not on a line of its own
}
"""


@pytest.fixture
def script(tmp_path: Path) -> Script:
    (tmp_path / "widget").mkdir()
    (tmp_path / "shared").mkdir()
    (tmp_path / "widget" / "entry.js").write_text(ENTRY)
    (tmp_path / "widget" / "one.js").write_text(
        'import { two } from "../shared/two.js";\nexport const one = (a) => a + two;\n'
    )
    (tmp_path / "shared" / "two.js").write_text("export const two = 2;\n")
    return bundle(tmp_path / "widget" / "entry.js")


def test_each_module_comes_once_before_those_that_need_it(script: Script) -> None:
    assert script.text.decode() == (
        "const two=2;const one=(a)=>a + two;export class Entry{"
        "said=`https://x.no/${one(two)}`;// kept: not on a line of its own\n}"
    )


@pytest.mark.parametrize(
    ("written", "travels"),
    [
        ("say(\"a ; b = c\", 'd ? e');", "say(\"a ; b = c\",'d ? e');"),
        ("css = `.a > .b { c : ${d ? 1 : 2} }`;", "css=`.a > .b { c : ${d ? 1 : 2} }`;"),
        (r'x.replace(/[ "] (?: ?\/)/g, "");', r'x.replace(/[ "] (?: ?\/)/g,"");'),
        ("const LINK =\n  /a ? b|`/gi;", "const LINK=/a ? b|`/gi;"),
        ("half = (a + b) / 2 + c / d;", "half=(a + b)/ 2 + c / d;"),
        ("a = b ? .5 : c - -d;", "a=b?.5:c - -d;"),
    ],
)
def test_blanks_go_where_they_mean_nothing_and_stay_in_words(
    tmp_path: Path, written: str, travels: str
) -> None:
    entry = tmp_path / "entry.js"
    entry.write_text(f"{written}\n")
    assert bundle(entry).text.decode() == f"{travels}"


def test_travels_compressed_to_those_who_can_read_it(script: Script) -> None:
    packed = script.response(_request(**{"accept-encoding": "br, gzip"}))
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(bytes(packed.body)) == script.text
    assert bytes(script.response(_request()).body) == script.text
    assert packed.headers["Vary"] == "Accept-Encoding"


def test_is_sent_once_while_it_stays_the_same(script: Script) -> None:
    again = script.response(_request(**{"if-none-match": script.etag}))
    assert (again.status_code, bytes(again.body)) == (304, b"")


def test_two_modules_with_one_name_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import { b } from "./b.js";\nconst same = b;\n')
    (tmp_path / "b.js").write_text("const same = 1;\nexport const b = same;\n")
    with pytest.raises(ValueError, match=r"a\.js and .*b\.js both declare `same`"):
        bundle(tmp_path / "a.js")


def _request(**headers: str) -> Request:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": raw})
