"""How sure the model may be, and which intents a line may well have, for one choice of intents.

Everything is taken from margins of the training lines by models that had not seen them nor any
line like them (cross-conformal, Vovk 2015). It is taken anew for each client's skills: with fewer
intents there is less to mistake. Customers' lines are easier than those: coverage is what was
measured there, and no promise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.calibration import expected_calibration_error, fit_scale, softmax


@dataclass(frozen=True)
class Aims:
    """``miss`` of the true intents may be left out of the sets of plausible ones.

    ``price`` of in-scope lines may be lost for turning away what is out of scope, which is the
    intent called ``outside``.
    """

    miss: float = 0.2
    price: float = 0.01
    outside: str = "out_of_scope"


@dataclass(frozen=True)
class Limits:
    """What holds for one choice of intents.

    ``allowed`` are their columns; ``scale`` times margin, with ``shift`` taken from the column of
    what is out of scope, becomes a confidence by softmax; an intent is plausible from confidence
    ``plausible``. The rest is what was measured on unseen lines: accuracy, calibration error,
    ``coverage`` (the true intent is plausible), ``asked`` (another one is, too) and the recall
    of what is out of scope, None where there is nothing of it.
    """

    allowed: np.ndarray
    column: int | None
    shift: float
    scale: float
    plausible: float
    accuracy: float
    calibration_error: float
    coverage: float
    asked: float
    outside_recall: float | None

    def confidences(self, margins: np.ndarray) -> np.ndarray:
        """(lines, allowed) of (lines, all) margins."""
        chosen = margins[:, self.allowed].astype(np.float64)
        if self.column is not None:
            chosen[:, self.column] -= self.shift
        return softmax(self.scale * chosen)


class Certainty:
    """Limits for any choice of intents, made when they are first asked for."""

    def __init__(
        self, margins: np.ndarray, truth: np.ndarray, labels: Sequence[str], aims: Aims
    ) -> None:
        """``margins`` (lines, intents) of unseen lines, ``truth`` the number of each's intent."""
        self.margins = margins
        self.truth = truth
        self.aims = aims
        self._labels = list(labels)
        self._known: dict[tuple[int, ...], Limits] = {}

    def limits(self, allowed: Sequence[int]) -> Limits:
        """Of these intents' numbers, in rising order."""
        key = tuple(allowed)
        if key not in self._known:
            self._known[key] = self._measured(np.array(key))
        return self._known[key]

    def _measured(self, allowed: np.ndarray) -> Limits:
        rows = np.isin(self.truth, allowed)
        margins = self.margins[rows][:, allowed].astype(np.float64)
        truth = np.searchsorted(allowed, self.truth[rows])
        outside = self._labels.index(self.aims.outside) if self.aims.outside in self._labels else -1
        column = int(np.searchsorted(allowed, outside)) if outside in allowed else None
        shift = 0.0
        if column is not None and len(allowed) > 1:
            shift = shift_outside(margins, truth, column, self.aims.price)
            margins[:, column] -= shift
        scale = fit_scale(margins, truth)
        confidences = softmax(scale * margins)
        of_truth = confidences[np.arange(len(truth)), truth]
        plausible = float(np.quantile(of_truth, self.aims.miss))
        right = margins.argmax(axis=1) == truth
        away = truth == column
        return Limits(
            allowed,
            column,
            shift,
            scale,
            plausible,
            accuracy=float(right.mean()),
            calibration_error=expected_calibration_error(confidences.max(axis=1), right),
            coverage=float((of_truth >= plausible).mean()),
            asked=float(((confidences >= plausible).sum(axis=1) > 1).mean()),
            outside_recall=float(right[away].mean()) if away.any() else None,
        )


def shift_outside(margins: np.ndarray, truth: np.ndarray, column: int, price: float) -> float:
    """How much nearer than to any intent a line must be to what is out of scope to be so.

    Of the lines in scope that would be understood, ``price`` (of all in scope) are lost by it.
    """
    inside = truth != column
    others = margins.copy()
    others[:, column] = -np.inf
    understood = inside & (others.argmax(axis=1) == truth)
    nearer = np.sort((margins[:, column] - others.max(axis=1))[understood])[::-1]
    return float(nearer[min(int(price * inside.sum()), len(nearer) - 1)]) if len(nearer) else 0.0
