"""The integer programme solved whole by HiGHS (`scipy.optimize.milp`), in a process that can be killed.

For small cases, and where rounding found no plan. A mixed-integer solver does not always stop at its own
time limit, so the limit is kept from outside.
"""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from core.errors import PersuadableError
from core.interpreter import environment, module
from core.policy.problem import BoolArray, FloatArray, Problem

Checkpoint = Callable[[], None]
INFEASIBLE = 2  # scipy's status


class TookTooLong(PersuadableError):  # noqa: N818 - named for what happened
    """The exact solve was stopped."""

    status = 503


def programme(problem: Problem) -> tuple[FloatArray, FloatArray, sparse.csc_matrix, FloatArray]:
    """(profit, amounts, matrix, upper bounds): maximise profit·x, matrix·x <= amounts, 0 <= x <= bounds."""
    rows = problem.rows
    actions, size = rows.actions, rows.size
    coefficients = problem.coefficients(rows).reshape(len(problem.limits), actions * size)
    caps = sparse.hstack([sparse.identity(size, format="csr")] * actions, format="csr")
    matrix = sparse.vstack([sparse.csr_matrix(coefficients), caps], format="csc")
    amounts = np.concatenate((problem.amounts(), rows.cap.astype(float)))
    return rows.profit.ravel(), amounts, matrix, np.tile((rows.cap > 0).astype(float), actions)


def solve_here(problem: Problem, *, feasibility_only: bool = False) -> BoolArray | None:
    """The best choice (actions, n), proven to a gap of 0; None where no plan meets the limits."""
    profit, amounts, matrix, upper = programme(problem)
    return _milp(
        0 * profit if feasibility_only else profit, amounts, matrix, upper, problem.rows.profit.shape
    )


def _milp(
    profit: FloatArray,
    amounts: FloatArray,
    matrix: sparse.csc_matrix,
    upper: FloatArray,
    shape: tuple[int, ...],
) -> BoolArray | None:
    found = milp(
        -profit,
        integrality=np.ones(profit.size),
        bounds=Bounds(0.0, upper),
        constraints=LinearConstraint(matrix, -np.inf, amounts),
        options={"mip_rel_gap": 0.0},
    )
    if found.status == INFEASIBLE:
        return None
    if found.x is None:
        raise ArithmeticError(found.message)
    return np.asarray(found.x.reshape(shape) > 0.5)


def solve(
    problem: Problem,
    *,
    seconds: float = 20.0,
    checkpoint: Checkpoint = lambda: None,
    feasibility_only: bool = False,
) -> BoolArray | None:
    """As `solve_here`, in a process of its own. Raises TookTooLong after `seconds`; `checkpoint` may
    cancel.
    """
    profit, amounts, matrix, upper = programme(problem)
    package = io.BytesIO()
    np.savez(
        package,
        profit=0 * profit if feasibility_only else profit,
        amounts=amounts,
        upper=upper,
        data=matrix.data,
        indices=matrix.indices,
        indptr=matrix.indptr,
        shape=np.array(matrix.shape),
    )
    answer = _ask_process(module("core.policy.exact"), package.getvalue(), seconds, checkpoint)
    with np.load(io.BytesIO(answer)) as found:
        if not found["feasible"]:
            return None
        return np.asarray(found["choice"].reshape(problem.rows.profit.shape))


def _ask_process(command: Sequence[str], question: bytes, seconds: float, checkpoint: Checkpoint) -> bytes:
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
        start_new_session=True,
    )
    until = time.monotonic() + seconds
    sent: bytes | None = question
    try:
        while True:
            try:
                answer, _ = process.communicate(sent, timeout=0.1)
                break
            except subprocess.TimeoutExpired:
                sent = None
                checkpoint()
                if time.monotonic() > until:
                    raise TookTooLong(
                        f"The exact solve was stopped after {seconds:g} seconds.",
                        "Loosen a minimum or a maximum, or leave the plan to the usual solver.",
                    ) from None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    if process.returncode != 0:
        raise ArithmeticError("The exact solve failed.")
    return answer


def _answer() -> None:
    with np.load(io.BytesIO(sys.stdin.buffer.read())) as package:
        matrix = sparse.csc_matrix(
            (package["data"], package["indices"], package["indptr"]), shape=tuple(package["shape"])
        )
        profit = package["profit"]
        choice = _milp(profit, package["amounts"], matrix, package["upper"], profit.shape)
    out = io.BytesIO()
    empty = np.zeros(0, dtype=np.bool_)
    np.savez(out, feasible=choice is not None, choice=empty if choice is None else choice)
    sys.stdout.buffer.write(out.getvalue())


__all__ = ["TookTooLong", "programme", "solve", "solve_here"]

if __name__ == "__main__":
    _answer()
