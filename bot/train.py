"""``python -m bot.train``: trains the model that fits the project, unless there is one.

Prints its progress as JSON lines ``{"stage": str, "fraction": 0..1}``, the last one with the
model's name and what grouped cross-validation said of it. Everything else goes to standard error.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bot.fingerprint import model_path
from bot.signature import ROOT, is_signed, sign
from bot.threads import share_processors


class TrainingError(Exception):
    """Why there is no model; Rasa's own words where they are Rasa's."""


REPORT_SUFFIX = ".report.json"


class _ProgressLines(logging.Handler):
    """Turns the records of ``bot.progress`` into JSON lines."""

    def __init__(self, stream: Any) -> None:
        super().__init__()
        self._stream = stream

    def emit(self, record: logging.LogRecord) -> None:
        """One line; a record carries ``fraction``, and may carry more in ``result``."""
        line: dict[str, Any] = {"stage": record.getMessage()}
        line["fraction"] = round(float(getattr(record, "fraction", 0.0)), 3)
        line.update(getattr(record, "result", {}))
        print(json.dumps(line, ensure_ascii=False), file=self._stream, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Train if needed; 0, or 1 with one clear sentence on standard error."""
    parser = argparse.ArgumentParser(prog="python -m bot.train", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(os.environ.get("MODELS_DIR", "models")))
    parser.add_argument("--force", action="store_true", help="train even if a model fits")
    parser.add_argument("--project", type=Path, default=ROOT, help="config, domain and data")
    options = parser.parse_args(arguments)
    progress = logging.getLogger("bot.progress")
    progress.setLevel(logging.INFO)
    progress.handlers[:] = [_ProgressLines(sys.stdout)]
    progress.propagate = False
    target = model_path(options.project, ROOT / options.out)
    if target.is_file() and is_signed(target) and not options.force:
        report = _read_report(target)
        progress.info("ready", extra={"fraction": 1.0, "result": {"model": target.name, **report}})
        return 0
    with contextlib.redirect_stdout(sys.stderr):
        try:
            started = time.monotonic()
            report = _train(options.project, target, progress)
        except SystemExit as error:
            print("Training stopped: see the lines above.", file=sys.stderr)
            return int(error.code) if isinstance(error.code, int) and error.code else 1
        except (OSError, ValueError, TrainingError) as error:
            print(f"Training failed: {error}", file=sys.stderr)
            return 1
    report["seconds"] = round(time.monotonic() - started, 1)
    _report_file(target).write_text(json.dumps(report), encoding="utf-8")
    progress.info("ready", extra={"fraction": 1.0, "result": {"model": target.name, **report}})
    return 0


def _train(project: Path, target: Path, progress: logging.Logger) -> dict[str, Any]:
    """Train into a folder of its own, then move into place and sign; the model's report."""
    progress.info("loading Rasa", extra={"fraction": 0.02})
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    share_processors()
    # Rasa's cache does not see the modules that a component imports.
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"
    import rasa.model_training
    from rasa.shared.exceptions import RasaException

    from bot.intents import IntentModel
    from bot.quiet import quieten

    quieten("warning")
    progress.info("reading the examples", extra={"fraction": 0.15})
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        try:
            result = rasa.model_training.train(
                domain=str(project / "domain.yml"),
                config=str(project / "config.yml"),
                training_files=[str(project / "data")],
                output=folder,
                force_training=True,
                fixed_model_name=target.name,
            )
        except RasaException as error:
            raise TrainingError(str(error)) from error
        if result.code != 0 or not result.model:
            raise TrainingError("Rasa made no model; see the lines above")
        progress.info("signing the model", extra={"fraction": 0.97})
        shutil.move(result.model, target)
    sign(target)
    return IntentModel.report_in_archive(target)


def _report_file(model: Path) -> Path:
    return model.with_name(model.name + REPORT_SUFFIX)


def _read_report(model: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(_report_file(model).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


if __name__ == "__main__":
    raise SystemExit(main())
