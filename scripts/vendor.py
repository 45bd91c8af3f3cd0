"""Keep the vendored browser files equal to what npm publishes.

    python scripts/vendor.py check             files against the manifest, no network
    python scripts/vendor.py verify            and against the packages on npm
    python scripts/vendor.py update [NAME@VERSION ...]
                                               fetch anew (given versions, else the recorded ones)

The manifest names each package's version, licence and tarball integrity, and each file's SHA-256.
A bare `from "preact"` becomes a relative import, since an import map would be an inline script
and the pages' Content-Security-Policy allows none. Nothing else of a file is changed.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / "handoff" / "web" / "vendor" / "manifest.json"
RELATIVE = {b"preact": b"./preact.mjs"}
SOURCE_MAP = re.compile(rb"\n?//# sourceMappingURL=[^\n]*\n?\Z")


class VendorError(Exception):
    """What is wrong with a vendored file, and the cure."""


def rewritten(name: str, data: bytes) -> bytes:
    """A module's bytes with bare imports made relative and the reference to its map left out."""
    if not name.endswith((".mjs", ".js")):
        return data
    for bare, relative in RELATIVE.items():
        data = data.replace(b'from"' + bare + b'"', b'from"' + relative + b'"')
    return SOURCE_MAP.sub(b"\n", data)


def fetched(name: str, version: str) -> tuple[dict[str, bytes], str, str]:
    """The files of one npm package, its licence and its tarball's integrity string."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = subprocess.run(
                ["npm", "pack", "--json", "--pack-destination", folder, f"{name}@{version}"],
                capture_output=True,
                text=True,
                check=True,
                timeout=120,
            )
        except FileNotFoundError:
            raise VendorError("npm is not installed. Install Node.js to fetch packages.") from None
        except subprocess.SubprocessError as error:
            raise VendorError(
                f"npm could not fetch {name}@{version}: is the version right, the network up? "
                f"({error})"
            ) from None
        answer = json.loads(done.stdout)
        packed = next(iter(answer.values())) if isinstance(answer, dict) else answer[0]
        tarball = next(Path(folder).glob("*.tgz"))
        files: dict[str, bytes] = {}
        with tarfile.open(tarball) as archive:
            for member in archive.getmembers():
                opened = archive.extractfile(member) if member.isfile() else None
                if opened is not None:
                    files[member.name.split("/", 1)[1]] = opened.read()
    licence = str(json.loads(files["package.json"])["license"])
    return files, licence, str(packed["integrity"])


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def check(manifest: dict[str, Any]) -> None:
    """Raises VendorError naming the first file that is missing, changed or not in the manifest."""
    known = {MANIFEST}
    for package in manifest["packages"]:
        for file in package["files"]:
            path = ROOT / file["path"]
            known.add(path)
            if not path.is_file():
                raise VendorError(f"{file['path']} is missing. Run `scripts/vendor.py update`.")
            if digest(path.read_bytes()) != file["sha256"]:
                raise VendorError(
                    f"{file['path']} differs from the manifest. Vendored files are not edited: "
                    "run `scripts/vendor.py update`."
                )
    for path in MANIFEST.parent.iterdir():
        if path not in known:
            raise VendorError(f"{path.relative_to(ROOT)} is in no package of the manifest.")


def verify(manifest: dict[str, Any]) -> None:
    """Raises VendorError where a file is not the one npm publishes under the same version."""
    check(manifest)
    for package in manifest["packages"]:
        files, _, integrity = fetched(package["name"], package["version"])
        if integrity != package["integrity"]:
            raise VendorError(f"{package['name']}: npm now serves another tarball than recorded.")
        for file in package["files"]:
            if digest(rewritten(file["from"], files[file["from"]])) != file["sha256"]:
                raise VendorError(f"{file['path']} is not {package['name']}'s {file['from']}.")


def update(manifest: dict[str, Any], wanted: dict[str, str]) -> None:
    """Fetch every package, write its files and the manifest."""
    unknown = wanted.keys() - {package["name"] for package in manifest["packages"]}
    if unknown:
        raise VendorError(f"Not in the manifest: {', '.join(sorted(unknown))}. Add it there first.")
    for package in manifest["packages"]:
        version = wanted.get(package["name"], package["version"])
        files, licence, integrity = fetched(package["name"], version)
        package.update(version=version, licence=licence, integrity=integrity)
        for file in package["files"]:
            if file["from"] not in files:
                raise VendorError(f"{package['name']}@{version} has no file {file['from']}.")
            data = rewritten(file["from"], files[file["from"]])
            path = ROOT / file["path"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            file["sha256"] = digest(data)
    MANIFEST.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")


def main(arguments: list[str]) -> int:
    manifest = json.loads(MANIFEST.read_text())
    try:
        match arguments:
            case ["check"]:
                check(manifest)
            case ["verify"]:
                verify(manifest)
            case ["update", *pairs]:
                wanted = dict(pair.rsplit("@", 1) for pair in pairs if "@" in pair[1:])
                if len(wanted) != len(pairs):
                    raise VendorError("Give versions as NAME@VERSION, such as preact@11.2.0.")
                update(manifest, wanted)
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except VendorError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{sum(len(p['files']) for p in manifest['packages'])} vendored files are right.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
