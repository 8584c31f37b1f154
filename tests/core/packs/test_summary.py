"""What the Markdown summary may be relied on for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core import advice
from core.packs.summary import escaped, markdown
from core.scenario import Scenario


def test_the_summary_says_the_decision_first_and_carries_the_assumptions_and_the_link(pack_of):
    pack = pack_of()
    text = markdown(pack)
    verdict = advice.verdict(pack.decision)
    assert text.startswith(f"# {verdict.decision}\n\n{verdict.comparison}\n\n{verdict.certainty}\n")
    assert "- Outcome: spend" in text
    assert f"<{pack.link}>" in text
    assert "contact_pack_20250304_1506.csv" in text


@pytest.mark.parametrize(
    ("scenario", "words"),
    [
        (Scenario(cost=1000.0), "# Contact no one: by the model"),
        (Scenario(topn=0), "# Contact no one: the number"),
        (Scenario(topn=2000), "# Contact everyone (2,000 customers)"),
    ],
)
def test_no_one_and_everyone_are_said_in_words(pack_of, scenario, words):
    assert markdown(pack_of(scenario=scenario)).startswith(words)


def test_contacts_stand_beside_the_customers_that_the_share_is_of(pack_of):
    """3,000 contacts to 2,761 of 9,000 customers are 30.7 % of the customers."""
    pack = pack_of()
    several = replace(pack.decision, contacts=3000, customers=9000, reached=2761)
    text = markdown(replace(pack, decision=several))
    assert "| Contacts, to customers |" in text and "| 3,000, to 2,761 of 9,000 (30.7 %) |" in text
    assert f"| {pack.decision.contacts:,} of 2,000 (" in markdown(pack)


def test_text_of_users_cannot_format_or_link(pack_of):
    nasty = "[click](http://x) <b>*bold*</b> | `code`\n# head"
    text = markdown(replace(pack_of(), assumptions=((nasty, nasty),)))
    line = next(line for line in text.splitlines() if "click" in line)
    assert "\n# head" not in text
    for mark in "[]<>*|`":
        assert all(line[i - 1] == "\\" for i, c in enumerate(line) if c == mark)


def test_a_link_cannot_break_out_of_its_brackets(pack_of):
    text = markdown(replace(pack_of(), link="http://x/?a=1> <script>"))
    assert "<http://x/?a=1%3E%20%3Cscript%3E>" in text


def test_every_table_row_has_the_cells_of_its_header(pack_of):
    text = markdown(pack_of())
    for block in text.split("\n\n"):
        if block.startswith("|"):
            assert len({line.count(" |") for line in block.splitlines()}) == 1


def test_escaping_keeps_plain_words_as_they_are():
    assert escaped("Hillstrom e-mail  campaign, 2008") == "Hillstrom e-mail campaign, 2008"


def test_uplift_by_decile_is_money_with_its_sign_unless_the_outcome_is_yes_or_no(pack_of):
    last = "| 10 | 200 |"
    money = next(line for line in markdown(pack_of()).splitlines() if line.startswith(last))
    assert money == "| 10 | 200 | −€0.50 | €0 | −€0.20 to €0.20 |"
    share = next(line for line in markdown(replace(pack_of(), binary=True)).splitlines() if last in line)
    assert share == "| 10 | 200 | −0.5000 | 0.0000 | −0.2000 to 0.2000 |"
