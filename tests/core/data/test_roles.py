"""The upload page proposes what the columns are for."""

from __future__ import annotations

import pandas as pd
import pytest

from core.data.readers import read_table
from core.data.roles import propose
from core.data.schema import Roles
from core.data.simulate import simulate


def test_hillstroms_roles_are_found(hillstrom_csv):
    proposal = propose(read_table(hillstrom_csv))
    assert proposal.roles == Roles("segment", "No E-Mail", "spend", id=None)
    assert proposal.outcomes[:3] == ("spend", "conversion", "visit")
    assert proposal.treatments[0].values == ("Mens E-Mail", "No E-Mail", "Womens E-Mail")
    assert dict(proposal.kinds)["history_segment"] == "categorical"
    assert dict(proposal.kinds)["recency"] == "numeric"


def test_the_roles_are_the_same_from_typed_columns():
    assert propose(simulate(2_000)[0]).roles == Roles("segment", "No E-Mail", "spend", id=None)


def test_a_plain_ab_test_is_found_with_its_ids():
    frame = pd.DataFrame(
        {
            "CustomerID": ["007", "008", "009", "010"],
            "treated": [0, 1, 1, 0],
            "age": [30, 40, 50, 60],
            "Revenue_30d": [0.0, 1.5, 0.0, 3.0],
        }
    )
    proposal = propose(frame)
    assert proposal.roles == Roles("treated", "0", "Revenue_30d", id="CustomerID")
    assert proposal.ids == ("CustomerID",)


def test_where_nothing_looks_like_a_treatment_a_person_chooses():
    proposal = propose(pd.DataFrame({"colour": ["red", "blue"], "spend": [1.0, 2.0], "man": ["0", "1"]}))
    assert proposal.roles is None
    assert {choice.column for choice in proposal.treatments} == {"colour", "spend", "man"}


def test_an_id_that_repeats_is_not_proposed():
    frame = pd.DataFrame({"customer_id": ["1", "1"], "group": ["control", "test"], "spend": [1.0, 2.0]})
    assert propose(frame).roles == Roles("group", "control", "spend", id=None)


@pytest.mark.parametrize(
    ("id_name", "treatment", "control", "outcome"),
    [
        ("Kunden-Nr.", "Gruppe", "Kontrollgruppe", "Umsatz"),
        ("Kundennummer", "Kampagne", "keine", "Erlös_30_Tage"),
        ("numéro client", "Groupe", "Témoin", "Chiffre d'affaires"),
        ("id_cliente", "grupo", "grupo de control", "ventas"),
        ("klantnr", "groep", "geen e-mail", "omzet"),
        ("Ordnungsmerkmal", "Variante", "ohne", "Besuch"),
    ],
)
def test_names_of_other_languages_are_known(id_name, treatment, control, outcome):
    frame = pd.DataFrame(
        {
            "Alter": ["30", "40", "40"],
            id_name: ["007", "008", "010"],
            outcome: ["0", "2", "1"],
            treatment: ["Test", control, "Test"],
        }
    )
    assert propose(frame).roles == Roles(treatment, control, outcome, id=id_name)


def test_what_is_known_is_proposed_where_the_rest_is_not():
    frame = pd.DataFrame({"x": ["A", "B", "B"], "Kundennr": ["1", "2", "3"], "Rabatt": ["2,5", "3,1", "3,1"]})
    proposal = propose(frame)
    assert proposal.roles is None
    assert proposal.guess == {"id": "Kundennr"}
    assert proposal.ids == ("Kundennr",)


@pytest.mark.parametrize("column", ["paid", "video", "order_number", "Kundenwert"])
def test_a_number_that_counts_or_measures_is_no_id(column):
    assert propose(pd.DataFrame({column: ["1", "2", "3"]})).ids == ()


def test_a_column_of_yes_and_no_may_be_the_outcome():
    frame = pd.DataFrame(
        {"Gruppe": ["Kontrolle", "Brief"] * 3, "Alter": range(6), "gekauft": ["ja", "nein"] * 3}
    )
    proposal = propose(frame)
    assert proposal.roles == Roles("Gruppe", "Kontrolle", "gekauft")
    assert "Gruppe" not in proposal.outcomes


def test_what_was_before_the_campaign_is_no_outcome():
    frame = pd.DataFrame(
        {"Gruppe": ["Kontrolle", "Brief"] * 3, "Umsatz (Vorjahr, €)": range(6), "Kauf": [0, 1] * 3}
    )
    proposal = propose(frame)
    assert proposal.roles == Roles("Gruppe", "Kontrolle", "Kauf")
    assert proposal.outcomes[0] == "Kauf"
