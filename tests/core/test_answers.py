"""The four answers of an experiment, and how learners compare, in words."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from core import advice
from core.estimate import Estimate
from core.uplift.claim import ClaimCheck
from core.uplift.comparison import Entry, Leaderboard
from core.uplift.finding import Finding
from core.uplift.verdict import Answer, Verdict

CLAIM = ClaimCheck(
    contacts=340,
    share=0.34,
    predicted=900.0,
    predicted_everyone=1000.0,
    measured=Estimate.normal(500, 50),
    everyone=Estimate.normal(300, 60),
    random=Estimate.normal(102, 20),
    gap=Estimate.normal(200, 40),
)
DIFFER = Estimate.normal(0.5, 0.1)


def found(answer: Answer, **changes: object) -> advice.Verdict:
    verdict = Verdict(answer, CLAIM, DIFFER, settled=True, customers=1000, test=None)
    return advice.answer(replace(verdict, **changes))  # type: ignore[arg-type]


def test_targeting_that_pays_names_whom_and_by_how_much():
    said = found(Answer.TARGETING_PAYS)
    assert said.decision == "Contact the best 34.0 %: it earned €500, €200 more than contacting everyone."
    assert said.tone == "act"


def test_an_open_gap_is_not_claimed():
    said = found(Answer.TARGETING_PAYS, settled=False, test=40_000)
    assert "more than contacting everyone" not in said.decision
    assert "a test of 40,000 customers would" in said.decision


def test_everyone_says_what_choosing_loses_or_that_it_is_open():
    loses = replace(CLAIM, gap=Estimate.normal(-80, 10))
    assert "choosing by this model loses €80" in found(Answer.CONTACT_EVERYONE, claim=loses).decision
    still_open = found(Answer.CONTACT_EVERYONE, settled=False, test=None).decision
    assert "Contacting everyone pays" in still_open
    assert "no test of practical size" in still_open


def test_no_one_and_not_enough_are_said_in_words():
    assert found(Answer.CONTACT_NO_ONE).tone == "stop"
    assert "Contact no one" in found(Answer.CONTACT_NO_ONE).decision
    few = found(Answer.NOT_ENOUGH_EVIDENCE, test=9_000)
    assert few.decision == "Not enough evidence; a test of 9,000 customers would tell."
    assert "no test of practical size" in found(Answer.NOT_ENOUGH_EVIDENCE).decision


@pytest.mark.parametrize("level", [Estimate.normal(0.01, 0.1), Estimate.normal(0.0, 0.0)])
def test_customers_who_do_not_differ_are_called_so(level):
    said = found(Answer.CONTACT_EVERYONE, customers_differ=level)
    assert "do not differ detectably" in said.certainty


def board(reason: str, champion: str, **standings: str) -> Leaderboard:
    entries = tuple(
        Entry(
            learner=name.replace("_", "-"),
            area=DIFFER,
            qini=Estimate.normal(0.1, 0.02),
            profit=Estimate.normal(500, 50),
            claim=CLAIM,
            slope=None,
            gap=DIFFER,
            gap_profit=Estimate.normal(20, 40),
            standing=standing,  # type: ignore[arg-type]
            effort=1.0,
        )
        for name, standing in standings.items()
    )
    return Leaderboard(entries, champion, "x-hgb", reason, 1000)  # type: ignore[arg-type]


def test_the_leaderboard_says_who_is_used_and_why():
    level = board("level and cheaper", "t-ridge", x_hgb="champion", t_ridge="indistinguishable")
    said = advice.board_sentences(level)
    assert "is level with" in said[0]
    assert any("Not distinguishable from x-hgb: t-ridge" in sentence for sentence in said)
    nothing = Estimate.normal(0.0, 0.0)
    alike = replace(level, entries=tuple(replace(entry, qini=nothing) for entry in level.entries))
    assert "its Qini is 0, for it scores all customers alike," in advice.board_sentences(alike)[1]
    kept = board("kept", "x-hgb", x_hgb="champion", t_ridge="indistinguishable")
    flattered = [any("flatters" in line for line in advice.board_sentences(b)) for b in (level, alike, kept)]
    assert flattered == [True, False, False]
    rows = advice.board_rows(level)
    assert [row[-1] for row in rows] == ["incumbent", "indistinguishable"]
    assert rows[1][0].endswith("(used)")
    assert all(len(row) == len(advice.BOARD_HEAD) for row in rows)
    better = board("better", "t-ridge", x_hgb="champion", t_ridge="better")
    assert "beyond chance" in advice.board_finding(better)


def test_numbers_without_unit_have_no_negative_zero():
    assert advice.signed(-0.0001) == "0.000"
    assert advice.signed(-0.012) == "−0.012"
    assert advice.signed(math.nan) == "not known"


def test_health_is_summed_up_by_its_worst():
    warning = Finding("size", "warning", "Few.", "Test more.")
    fine = Finding("ratio", "fine", "As planned.")
    assert "cannot measure" in advice.health_summary((warning,), blocked=True)
    assert "1 finding needs" in advice.health_summary((warning, fine), blocked=False)
    assert "fit to measure" in advice.health_summary((fine,), blocked=False)
    assert advice.finding_line(warning) == "Warning: Few. Test more."
