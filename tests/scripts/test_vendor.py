"""The vendored browser files are those of the manifest, and a changed one is named."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from handoff.settings import ROOT
from scripts import vendor


def test_every_vendored_file_is_the_manifest_s() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/vendor.py", "check"], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_changed_and_a_missing_file_are_named_with_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "vendor"
    folder.mkdir()
    path = folder / "lib.mjs"
    path.write_text("export {};")
    wanted = {"path": "vendor/lib.mjs", "from": "lib.mjs", "sha256": vendor.digest(b"export {};")}
    manifest = {"packages": [{"name": "lib", "files": [wanted]}]}
    monkeypatch.setattr(vendor, "ROOT", tmp_path)
    monkeypatch.setattr(vendor, "MANIFEST", folder / "manifest.json")
    vendor.MANIFEST.write_text(json.dumps(manifest))
    vendor.check(manifest)
    path.write_text("alert(1);")
    with pytest.raises(vendor.VendorError, match=r"vendor/lib\.mjs differs .* update"):
        vendor.check(manifest)
    path.unlink()
    with pytest.raises(vendor.VendorError, match=r"vendor/lib\.mjs is missing"):
        vendor.check(manifest)
    path.write_text("export {};")
    (folder / "extra.mjs").write_text("")
    with pytest.raises(vendor.VendorError, match=r"vendor/extra\.mjs is in no package"):
        vendor.check(manifest)


def test_bare_imports_become_relative_and_nothing_else_changes() -> None:
    data = b'import{options as n}from"preact";var t;export{t as u};\n//# sourceMappingURL=a.map\n'
    assert vendor.rewritten("hooks.mjs", data) == (
        b'import{options as n}from"./preact.mjs";var t;export{t as u};\n'
    )
    assert vendor.rewritten("LICENSE", data) == data
