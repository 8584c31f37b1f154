"""Customer values in the browser: from an example or a file of orders to a result, and on into a campaign."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pandas as pd
import psutil
import pytest
from axe_selenium_python import Axe
from reader import Reader
from selenium.webdriver.support.ui import Select
from servers import Server

from core import jobs
from core.commands.example import ROLES
from core.commands.train import fit
from core.data import cdnow, examples

CHARTS = ("tracking", "weekly", "frequency", "alive", "values")


@pytest.fixture(scope="module")
def mailing(server: Server) -> str:
    """A campaign to CDNOW's customers and 143 others, with its model; the query that shows it."""
    frame, _ = examples.simulate(rows=2500, seed=7)
    known = list(dict.fromkeys(cdnow.transactions()["customer_id"].astype("str")))
    numbers = [*known, *(f"n{i}" for i in range(len(frame) - len(known)))]
    frame.insert(0, "customer_id", pd.Series(numbers, dtype="str"))
    roles = replace(ROLES, id="customer_id")
    data = server.workspace.data.add(frame, "Spring mailing", roles, simulated=True)
    fit(
        server.workspace.data.frame(data.id),
        roles,
        server.workspace.models_folder / "mailing",
        learner="t-rf",
    )
    server.workspace.scored(data.id, "mailing")
    return f"data={data.id}&model=mailing"


def cdnow_result(reader: Reader, query: str = "") -> None:
    """Press the example; it leads on to its result, at once where that is there already."""
    reader.open(f"/clv?{query}")
    reader.click("#clv-cdnow")
    reader.until(lambda: "result=" in reader.address, "the result", 90)
    reader.settled()


def test_cdnow_is_one_click_to_a_full_result(reader: Reader, downloads: Path) -> None:
    reader.open("/clv")
    reader.click("#clv-cdnow")
    reader.until(lambda: "%" in reader.words(".page [data-kind=clv] .percent"), "a named step's percent", 60)
    reader.until(lambda: "result=" in reader.address, "the result", 90)
    reader.settled()
    assert reader.decision.startswith("Expect 1,971 repeat orders worth €68,774")
    assert "90 % interval" in reader.words("#decision .comparison")
    assert "predicted 1,175 repeat orders, 1,156 came" in reader.words("#decision .certainty")
    for name in CHARTS:
        assert reader.element(f"#clv-{name}-chart .main-svg")
    shown = reader.words()
    for part in (
        "6,919 of 6,919 lines are orders",
        "BG/NBD: customers order at their own pace",
        "Gamma-Gamma: customers spend",
        "The most valuable customers",
        "20111",
        "100 % is not a finding",
    ):
        assert part in shown, part
    assert "nan" not in shown.lower()
    reader.click("a[href$='/customers.csv']")
    path = reader.until(lambda: next(downloads.glob("customer_values.csv"), None), "the download")
    with path.open(encoding="utf-8-sig") as file:
        table = list(csv.DictReader(file))
    assert len(table) == 2357 and table[0]["customer_id"] == "20111"
    assert {"p_alive", "expected_orders", "clv", "clv_lo", "clv_hi", "value_tier"} <= table[0].keys()


def test_lifetimes_is_asked_by_a_button_and_stays_beside_ours_on_a_telephone_too(
    reader: Reader, mailing: str
) -> None:
    """On the fullest page there is: with a campaign, all charts and the check. axe finds nothing serious."""
    cdnow_result(reader, mailing)
    reader.click("#clv-check")
    reader.until(lambda: "lifetimes finds the same" in reader.words(), "the check", 60)
    axe = Axe(reader.driver)
    axe.inject()
    for theme in ("light", "dark"):
        reader.script("document.documentElement.dataset.bsTheme = arguments[0]", theme)
        found = [
            f"{v['id']}: {node['target']} {node['failureSummary']}"
            for v in axe.run()["violations"]
            if v["impact"] in ("serious", "critical")
            for node in v["nodes"]
        ]
        assert found == [], theme
    reader.open(reader.address.removeprefix(reader.server.url), width=390)
    table = reader.words("[aria-label='Ours and lifetimes']")
    assert "BG/NBD alpha\t38.1308\t38.1308" in table and "orders expected of all" in table
    assert not reader.driver.find_elements_by_css_selector("#clv-check")
    assert reader.script("return document.documentElement.scrollWidth") <= 390


def test_a_cancelled_computation_leaves_no_process_and_no_result(
    reader: Reader, server: Server, data_dir: Path
) -> None:
    """Online Retail II: a million lines take long enough to be stopped."""
    reader.open("/clv")
    reader.click("#clv-online-retail")
    record = reader.until(
        lambda: next(
            (
                j
                for j in jobs.jobs(server.workspace.settings)
                if "Retail" in j.title and j.state == "running" and j.pid
            ),
            None,
        ),
        "the process",
        60,
    )
    reader.click(".page [data-kind=clv] button")
    reader.until(lambda: not psutil.pid_exists(record.pid or 0), "the process to go", 10)
    reader.until(lambda: "Cancelled" in reader.words(".page [data-kind=clv]"), "what became of it")
    assert record.artifact and not Path(record.artifact).exists()
    assert "result=" not in reader.address


def test_orders_of_ones_own_are_refused_in_words_and_then_read_with_their_roles(
    reader: Reader, tmp_path: Path
) -> None:
    """Columns in German: roles are chosen by hand. One date is written as no other is."""
    lines = cdnow.transactions().rename(columns={"customer_id": "Wer", "date": "Tag", "amount": "Geld"})
    lines = lines[lines["Wer"].astype("str").isin(lines["Wer"].astype("str").unique()[:600])]
    frame = pd.DataFrame(
        {"Wer": lines["Wer"].astype("str"), "Tag": lines["Tag"].astype("str").str[:10],
         "Geld": "£" + lines["Geld"].astype("str")}
    )  # fmt: skip
    frame.to_csv(tmp_path / "bestellungen.csv", index=False)
    frame.iloc[5, 1] = "25/03/1997"
    frame.to_csv(tmp_path / "gemischt.csv", index=False)

    def asked(name: str) -> None:
        reader.open("/clv")
        reader.element("#upload-input").send_keys(str(tmp_path / name))
        reader.until(lambda: "orders=" in reader.address, "the upload", 60)
        for role, column in (("customer", "Wer"), ("date", "Tag"), ("amount", "Geld")):
            Select(reader.element(f"#clv-role-{role}")).select_by_visible_text(column)

    asked("gemischt.csv")
    reader.click("#clv-run")
    reader.until(lambda: "more than one format" in reader.words(".page [data-kind=clv]"), "the refusal", 60)
    assert "25/03/1997" in reader.words(".page [data-kind=clv] tbody")
    asked("bestellungen.csv")
    reader.write("#clv-horizon", "0")
    reader.click("#clv-run")
    reader.until(lambda: "between 1 and 36,525" in reader.words("#clv-answer"), "what a horizon can be")
    reader.write("#clv-horizon", "180")
    reader.click("#clv-run")
    reader.until(lambda: "result=" in reader.address, "the result", 90)
    reader.settled()
    assert "from 600 customers in the next 180 days" in reader.decision
    assert "Currency sign £ Taken off." in reader.words("[aria-label='Cleaning ledger']")
    assert "does not cover whole years" in reader.words()


def test_values_go_into_a_campaign_and_change_its_links(reader: Reader, server: Server, mailing: str) -> None:
    cdnow_result(reader, mailing)
    assert "in the best tenth of both value and uplift" in reader.words()
    reader.until(
        lambda: reader.element("#clv-id").get_attribute("value") == "customer_id", "the proposed id column"
    )
    use = Select(reader.element("#clv-use"))
    use.select_by_visible_text("learn from them (features)")
    reader.write("#clv-treated", "1998-01-01")
    reader.click("#clv-join")
    reader.until(
        lambda: "leak" in reader.words("#clv-joined"), "the refusal of values from after the campaign"
    )
    use.select_by_visible_text("weigh the decision (w)")
    reader.click("#clv-join")
    reader.until(lambda: "2,357 customers have a value" in reader.words("#clv-joined"), "the match")
    assert "143 of the audience have none (n0, n1, n2, n3, n4, …)" in reader.words("#clv-joined")
    href = reader.element("#clv-joined a[href^='/policy?']").get_attribute("href")
    assert "weight=w" in href and "model=mailing" in href
    made = href.partition("data=")[2].partition("&")[0]
    assert "w" in server.workspace.data.get(made).columns
    use.select_by_visible_text("read them beside uplift")
    reader.click("#clv-join")
    reader.element("#clv-joined a[href^='/contacts?']")
    assert "result=" in reader.element("#clv-joined a[href^='/clv?']").get_attribute("href")
