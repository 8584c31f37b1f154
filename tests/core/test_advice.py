"""Sentences say what the figures say, in one way."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core import advice
from core.decision import decide
from core.estimate import Estimate
from core.policy.economics import RankedUplift
from core.scenario import Scenario
from core.uplift.gain import GainCurve


def curve(half: float, everyone: float, se: float, gap_se: float) -> GainCurve:
    return GainCurve(
        share=np.array([0.0, 0.5, 1.0]),
        gain=np.array([0.0, half, everyone]),
        se=np.array([0.0, se, se]),
        gap_se=np.array([se, gap_se, 0.0]),
        critical=2.0,
        customers=1000,
    )


def sentences(gains: GainCurve | None, uplift=(2.0, 2.0, -1.0, -1.0), **settings: object) -> advice.Verdict:
    scenario = Scenario(margin=1.0, cost=0.0, **settings)  # type: ignore[arg-type]
    return advice.verdict(decide(RankedUplift.of(np.array(uplift)), gains, scenario))


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (4910.2, "€4,910"),
        (-12.5, "−€12.50"),
        (0.004, "€0"),
        (-0.001, "€0"),
        (99.5, "€99.50"),
        (math.nan, "not known"),
    ],
)
def test_money_has_one_form(amount, text):
    assert advice.money(amount) == text


def test_percents_have_one_digit_and_a_sign():
    assert advice.percent(0.1842) == "18.4 %"
    assert advice.percent(-0.5) == "−50.0 %"


def test_an_estimate_reads_as_a_value_and_half_its_interval():
    assert advice.plus_minus(Estimate(1000, 0, 600, 1400)) == "€1,000 ± €400"


def test_a_loss_that_rounds_to_nothing_is_not_called_a_loss():
    """By hand: four customers, the better half contacted at −0.0005 a customer, so −€0.002 ± €1.97."""
    v = sentences(curve(half=-0.0005, everyone=0.0, se=0.3, gap_se=0.1))
    assert v.decision.endswith("and expect no more than contacting no one: €0 ± €1.97.")


def test_targeting_that_beats_everyone_is_said_to():
    v = sentences(curve(half=1.0, everyone=0.2, se=0.1, gap_se=0.1))
    assert v.tone == "act"
    assert v.decision.startswith("Contact 2 of 4 customers and expect €4")
    assert "beats contacting everyone" in v.certainty


def test_what_the_experiment_cannot_tell_is_said_in_words():
    v = sentences(curve(half=0.1, everyone=0.1, se=1.0, gap_se=1.0))
    assert v.tone == "unsure"
    assert "cannot tell this choice from contacting no one" in v.certainty
    v = sentences(curve(half=1.0, everyone=1.0, se=0.1, gap_se=1.0))
    assert "cannot tell it from contacting everyone" in v.certainty


def test_an_exaggerated_claim_is_named():
    """Predicted 4 from the two best, measured 4 · 0.5 = 2: twice."""
    v = sentences(curve(half=0.5, everyone=0.1, se=0.01, gap_se=0.01))
    assert "claims 2.0 times" in v.certainty


def test_contacting_no_one_and_everyone_are_said_in_words():
    gains = curve(half=0.1, everyone=-1.0, se=0.1, gap_se=0.1)
    assert sentences(gains, uplift=(-1.0, -2.0)).decision.startswith("Contact no one")
    assert "agrees" in sentences(gains, uplift=(-1.0, -2.0)).certainty
    assert sentences(curve(1.0, 2.0, 0.1, 0.1), uplift=(2.0, 1.0)).decision.startswith("Contact everyone")
    assert "no one to contact" in sentences(gains, uplift=()).decision


def test_an_expected_loss_is_not_hidden():
    v = sentences(curve(half=-1.0, everyone=-2.0, se=0.1, gap_se=0.1))
    assert "lose" in v.decision
    assert v.tone == "stop"


def test_without_an_experiment_the_claim_is_called_a_claim():
    v = sentences(None)
    assert "predicts" in v.decision
    assert "nothing measured" in v.certainty


@pytest.mark.parametrize(
    ("held_out", "unmeasured", "words"),
    [
        (True, "", "16,000 customers held out of the campaign"),
        (False, "", "16,000 customers, each scored by models that had not seen the customer"),
        (False, "blocked", "nothing: the arms of the campaign are not comparable"),
        (True, "unlike", "nothing: the customers are not like the campaign's"),
    ],
)
def test_what_a_model_is_measured_on_is_said_as_it_was_done(held_out, unmeasured, words):
    assert advice.measured_on(16_000, held_out=held_out, unmeasured=unmeasured) == words


def test_everyone_being_better_is_said_even_where_the_choice_cannot_be_told_from_no_one():
    v = sentences(curve(half=0.1, everyone=1.0, se=0.2, gap_se=0.1))
    assert "cannot tell this choice from contacting no one" in v.certainty
    assert "Contacting everyone earned" in v.certainty


def test_a_model_that_tells_no_customers_apart_is_said_to():
    gains = curve(half=1.0, everyone=2.0, se=0.1, gap_se=0.1)
    said = "The model sees no difference between customers: the order of the list is the order of the ids."
    assert sentences(gains, uplift=(0.5, 0.5, 0.5, 0.5), topn=2).certainty.endswith(said)
    assert sentences(None, uplift=(0.5, 0.5)).certainty.endswith(said)
    assert said not in sentences(gains).certainty
    assert said not in sentences(gains, uplift=(0.5,)).certainty
