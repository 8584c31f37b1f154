"""From a file to a pack, as a newcomer does it; and what happens when it goes wrong on the way."""

from __future__ import annotations

import csv
import io
import time
import urllib.request
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil
import pytest
from openpyxl import load_workbook
from reader import Reader
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select
from servers import Server

from core import jobs
from core.data import examples
from core.data.readers import write_table
from core.job_records import JobRecord


@pytest.fixture(scope="module")
def campaign_csv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small campaign with an id column whose ids have leading zeros."""
    frame, _ = examples.simulate(rows=3000, seed=11)
    frame.insert(0, "customer_id", [f"{i:06d}" for i in range(len(frame))])
    path = tmp_path_factory.mktemp("files") / "spring campaign.csv"
    write_table(frame, path)
    return path


@pytest.fixture(scope="module")
def long_csv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign whose training takes long enough to be stopped."""
    frame, _ = examples.simulate(rows=64000, seed=12)
    path = tmp_path_factory.mktemp("files") / "long campaign.csv"
    write_table(frame, path)
    return path


def upload(reader: Reader, path: Path) -> None:
    reader.open("/data")
    field = reader.element("#upload-input")
    field.send_keys(str(path))


def uploaded(reader: Reader, path: Path) -> None:
    """Upload, and wait for the question what the columns are for."""
    upload(reader, path)
    reader.until(lambda: "data=" in reader.address, "the upload", 60)
    reader.element("#train")


def train_deep(reader: Reader) -> None:
    """Choose the slow learner and press the button twice at once."""
    pick(reader, "learner", "Two deep forests (classic recipe)")
    reader.script("const b = document.querySelector('#train'); b.click(); b.click()")


def pick(reader: Reader, role: str, option: str) -> None:
    """Choose what a role is."""
    Select(reader.element(f"#role-{role}")).select_by_visible_text(option)


def training(server: Server) -> JobRecord:
    return next(job for job in jobs.jobs(server.workspace.settings) if job.kind == "train")


def working(reader: Reader, server: Server) -> JobRecord:
    """Wait until the training works, and its percent is seen."""
    reader.until(lambda: "%" in reader.words("#content [data-state=running] .percent"), "the percent", 60)
    return reader.until(
        lambda: record if (record := training(server)).state == "running" and record.pid else None,
        "the process",
    )


def progress(reader: Reader, percent: str) -> None:
    """Wait until another percent is seen."""
    seen = reader.words(percent)
    reader.until(lambda: reader.words(percent) not in ("", seen), "progress", 60)


def test_the_example_is_one_click_to_a_full_result(reader: Reader) -> None:
    reader.open("/")
    assert "whom to contact" in reader.words("h1")
    assert reader.element("a[href='/api/template.csv']")
    reader.click("#try-example")
    reader.until(lambda: reader.words("#content [data-kind=example]"), "the named step", 60)
    reader.until(lambda: "/profit" in reader.address, "the decision", 240)
    reader.settled()
    assert reader.decision.startswith("Contact")
    reader.open("/")
    reader.until(lambda: "campaign" in reader.words("#recent-list"), "the way back to it")


def test_upload_correct_roles_train_decide_and_take_the_pack_away(
    reader: Reader, server: Server, campaign_csv: Path, downloads: Path
) -> None:
    uploaded(reader, campaign_csv)
    assert "spring campaign.csv" in reader.words(".headline")
    roles = {
        role: reader.element(f"#role-{role}").get_attribute("value")
        for role in ("treatment", "control", "outcome", "id")
    }
    assert roles == {
        "treatment": "segment", "control": "No E-Mail", "outcome": "spend", "id": "customer_id",
    }  # fmt: skip
    assert "000001" in reader.words("[aria-label='The first rows']")
    reader.click("#train")
    reader.until(lambda: reader.words("#content [data-kind=train]"), "the named step", 60)
    reader.driver.refresh()
    reader.until(lambda: reader.words("#content [data-kind=train]"), "the job after a reload", 60)
    reader.element("#content [data-kind=train] a.result")
    reader.until(lambda: "model=" in reader.address, "the model in the address, with no further click")
    reader.click(".rail a[href^='/uplift']")
    reader.until(lambda: "/uplift" in reader.address, "the next step")
    reader.settled()
    assert reader.decision.startswith("Contact"), "the steps lead to the results of what was trained"
    reader.click(".rail a[href^='/data']")
    reader.click("#content [data-kind=train] a.result")
    reader.until(lambda: "/profit" in reader.address, "the decision")
    reader.settled()
    reader.click(".rail a[href^='/contacts']")
    reader.until(lambda: "/contacts" in reader.address, "the contacts")
    reader.settled()
    reader.write("#contacts-box", "250")
    reader.until(lambda: "Contact 250 of 3,000" in reader.decision, "the decision")
    reader.until(lambda: "250 customers to contact" in reader.words("#contacts-head"), "the list's title")
    first = reader.until(
        lambda: reader.words(".ag-center-cols-container [row-index='0'] [col-id=row_id]"), "the list"
    )
    reader.click("#build-pack")
    reader.click("#content [data-kind=pack][data-state=done] a[href$='.xlsx']")
    pack = reader.until(lambda: next(downloads.glob("contact_pack_*.xlsx"), None), "the workbook")
    book = load_workbook(pack, read_only=True)
    assert set(book.sheetnames) >= {
        "Summary", "Contacts", "Profit curve", "Deciles", "Sensitivity", "Assumptions",
    }  # fmt: skip
    rows = list(book["Contacts"].iter_rows(values_only=True))
    assert len(rows) - 1 == 250
    assert first in rows[1] and len(first) == 6
    listed = reader.element("a[href^='/api/contacts.csv']").get_attribute("href")
    with urllib.request.urlopen(listed) as answer:
        table = list(csv.DictReader(io.TextIOWrapper(answer, "utf-8")))
    assert len(table) == 250 and table[0]["row_id"] == first


def test_a_dropped_file_is_taken_in(reader: Reader) -> None:
    reader.open("/data")
    reader.script("""
    const rows = Array.from({length: 60}, (_, i) => `c${i},${i % 2 ? 'mail' : 'none'},${i % 3},${i % 7}`);
    const file = new File([['customer_id,group,spend,age', ...rows].join('\\n')], 'dropped.csv');
    const held = new DataTransfer();
    held.items.add(file);
    const place = document.querySelector('#upload-drop');
    place.dispatchEvent(new DragEvent('drop', {dataTransfer: held, bubbles: true, cancelable: true}));
    """)
    reader.until(lambda: "data=" in reader.address, "the upload", 60)
    reader.until(lambda: "dropped.csv" in reader.words(".headline"), "the campaign")


def test_the_pack_of_a_plan_holds_what_the_page_counts(reader: Reader, query: str, downloads: Path) -> None:
    """€40 at €0.05 a contact: 800 contacts, on the page, in the workbook and by its conditions."""
    for earlier in downloads.glob("contact_pack_*"):  # of the same minute they have the same name
        earlier.unlink()
    reader.open(f"/contacts?{query}&budget=40&holdout=0.1&name=Small+budget")
    reader.until(lambda: "800 contacts" in reader.words("#contacts-head"), "the list's title")
    reader.click("#build-pack")
    reader.click("#content [data-kind=pack][data-state=done] a[href$='.xlsx']")
    saved = reader.until(lambda: next(downloads.glob("contact_pack_*.xlsx"), None), "the workbook")
    book = load_workbook(saved)
    rows = list(book["Contacts"].iter_rows(values_only=True))
    assert len(rows) - 1 == 800 and {"Contact by", "Rank", "Why"} <= set(rows[0])
    limits = {row[0]: row[1:5] for row in book["Constraints"].iter_rows(values_only=True) if row}
    assert limits["A budget of €40.00"] == (40, 40, 0, "yes")
    assumptions = dict(book["Assumptions"].iter_rows(values_only=True))
    assert assumptions["Scenario"] == "Small budget"
    assert "budget=40" in str(assumptions["Link"])


def test_a_cancelled_training_leaves_no_process_and_no_model(
    reader: Reader, server: Server, long_csv: Path
) -> None:
    """Also: a double click started one job, and it was seen from another page."""
    uploaded(reader, long_csv)
    before = len([job for job in jobs.jobs(server.workspace.settings) if job.kind == "train"])
    train_deep(reader)
    record = working(reader, server)
    reader.driver.refresh()
    reader.settled()
    assert reader.element("#role-learner").get_attribute("value") == "t-rf-deep", "chosen before the reload"
    heard = "return document.querySelector('#announce').textContent"
    reader.until(lambda: "Training on long campaign.csv: " in reader.script(heard), "the step to be heard")
    assert len([j for j in jobs.jobs(server.workspace.settings) if j.kind == "train"]) == before + 1
    reader.click(".rail a[href^='/uplift']")
    reader.until(lambda: "/uplift" in reader.address, "another page")
    reader.until(lambda: "%" in reader.words("#jobs-button"), "the job in the bar")
    reader.click("#jobs-button summary")
    reader.element(".jobs-list button")
    ActionChains(reader.driver).send_keys(Keys.ESCAPE).perform()
    reader.until(
        lambda: not reader.script("return !!document.querySelector('.jobs-button details[open]')"),
        "the list of jobs to close",
    )
    reader.press(Keys.ENTER)
    reader.press(Keys.TAB)
    cancel = "const a = document.activeElement; return a.closest('.jobs-list') ? a.textContent : ''"
    assert reader.script(cancel).startswith("Cancel")
    progress(reader, ".jobs-list .percent")
    progress(reader, ".jobs-list .percent")
    assert reader.script(cancel).startswith("Cancel"), "the list stays open and the focus where it was"
    reader.press(Keys.ENTER)
    pressed = time.monotonic()
    reader.until(lambda: not psutil.pid_exists(record.pid or 0), "the process to go", 10)
    assert time.monotonic() - pressed < 2.5
    assert jobs.job(record.id, server.workspace.settings).state == "cancelled"
    assert record.artifact and not Path(record.artifact).exists()
    reader.click(".rail a[href^='/data']")
    reader.until(lambda: "Cancelled" in reader.words("#content [data-kind=train]"), "what became of it")


def test_a_wrong_file_names_row_column_value_and_fix(reader: Reader, tmp_path: Path, downloads: Path) -> None:
    bad = tmp_path / "bad.csv"
    lines = ["id,segment,segment,spend", *(f"{i},A,B,1" for i in range(30))]
    bad.write_text("\n".join(lines))
    upload(reader, bad)
    said = reader.until(lambda: reader.words("#uploaded"), "what is wrong")
    assert "segment" in said and "data=" not in reader.address
    reader.click("#save-problems")
    saved = reader.until(lambda: next(downloads.glob("problems*.csv"), None), "the list as CSV")
    assert "segment" in saved.read_text("utf-8-sig")
    upload(reader, tmp_path / "bad.csv")
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    upload(reader, empty)
    reader.until(lambda: "empty" in reader.words("#uploaded"), "the empty file to be named")


def test_a_file_too_large_is_told_with_the_limit(reader: Reader, long_csv: Path) -> None:
    """The limit of the page is lowered, because the true one takes a file of 500 MB."""
    reader.open("/data")
    assert "up to 500 MB" in reader.words(".drop")
    reader.script("document.querySelector('#upload-slot').dataset.limit = 1e6")
    reader.element("#upload-input").send_keys(str(long_csv))
    reader.until(lambda: "larger than the limit of 1 MB" in reader.words("#uploaded"), "the limit")


def test_wrong_rows_are_listed_fifteen_at_most_and_kept_with_the_job(
    reader: Reader, server: Server, tmp_path: Path
) -> None:
    rows = "".join(f"c{i},{'mail' if i % 2 else 'none'},{'x' if i < 40 else i % 3},{i}\n" for i in range(400))
    path = tmp_path / "rows.csv"
    path.write_text("customer_id,group,spend,age\n" + rows)
    uploaded(reader, path)
    pick(reader, "outcome", "spend")
    reader.click("#train")
    reader.until(lambda: "Failed" in reader.words("#content [data-kind=train]"), "the refusal", 60)
    table = reader.script(
        "return [...document.querySelectorAll('#content [data-kind=train] tbody tr')].map(r => r.innerText)"
    )
    assert 1 <= len(table) <= 15
    assert table[0].split("\t")[0].strip() == "2"
    assert "15 of 40 shown" in reader.words("#content [data-kind=train]")
    listed = reader.element("#content [data-kind=train] a[href$='/problems.csv']").get_attribute("href")
    with urllib.request.urlopen(listed) as answer:
        everything = list(csv.DictReader(io.TextIOWrapper(answer, "utf-8-sig")))
    assert [int(problem["row"]) for problem in everything] == list(range(2, 42))
    assert {(problem["column"], problem["value"]) for problem in everything} == {("spend", "x")}


def test_the_address_holds_no_customer_data(reader: Reader, query: str) -> None:
    reader.open(f"/contacts?{query}")
    keys = set(parse_qs(urlsplit(reader.address).query))
    assert keys <= {"data", "model", "margin", "cost", "value", "topn", "policy"}
