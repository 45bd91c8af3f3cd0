"""``python -m tests.bot.inside.run``: runs every case here and prints one JSON line for each."""

from __future__ import annotations

import json
import sys
import unittest
from pathlib import Path
from typing import Any


class JsonLines(unittest.TestResult):
    """Id and, when it failed, why."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._wrong: dict[str, str] = {}

    def addError(self, test: unittest.TestCase, err: Any) -> None:  # noqa: N802
        super().addError(test, err)
        self._wrong[test.id()] = self.errors[-1][1]

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:  # noqa: N802
        super().addFailure(test, err)
        self._wrong[test.id()] = self.failures[-1][1]

    def addSubTest(  # noqa: N802
        self, test: unittest.TestCase, subtest: unittest.TestCase, err: Any
    ) -> None:
        super().addSubTest(test, subtest, err)
        if err is not None:
            detail = (self.failures or self.errors)[-1][1]
            self._wrong[test.id()] = f"{subtest}\n{detail}"

    def stopTest(self, test: unittest.TestCase) -> None:  # noqa: N802
        super().stopTest(test)
        line = {"id": test.id(), "wrong": self._wrong.get(test.id())}
        print(json.dumps(line), file=sys.__stdout__, flush=True)


if __name__ == "__main__":
    here = Path(__file__).parent
    suite = unittest.TestLoader().discover(
        str(here), pattern="check_*.py", top_level_dir=str(here.parents[2])
    )
    sys.stdout = sys.stderr
    suite.run(JsonLines())
