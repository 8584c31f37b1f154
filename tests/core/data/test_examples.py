"""Examples come from this machine where they are, from their publisher where not, and are always checked."""

from __future__ import annotations

import gzip
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from core.data import examples, retail
from core.data.examples import HILLSTROM_SHA256, prepare
from core.data.readers import read_table
from core.errors import NotAvailableError, NotFoundError
from core.files import sha256
from core.settings import Settings


@pytest.fixture
def publisher():
    """A web server that answers every GET with `publisher.body`; `publisher.asked` counts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            server.asked += 1
            self.send_response(200)
            self.send_header("Content-Length", str(len(server.body)))
            self.end_headers()
            self.wfile.write(server.body)

        def log_message(self, format, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.body, server.asked = b"", 0
    server.url = f"http://127.0.0.1:{server.server_port}/file"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_hillstrom_is_written_as_published(data_dir, tmp_path):
    path = prepare("hillstrom", tmp_path / "out", Settings(artifacts=tmp_path, data_dir=data_dir))
    assert (path.name, sha256(path)) == ("hillstrom.csv", HILLSTROM_SHA256)


def test_a_download_is_checked_kept_and_not_repeated(hillstrom_csv, tmp_path, publisher, monkeypatch):
    publisher.body = hillstrom_csv.read_bytes()
    monkeypatch.setattr(examples, "HILLSTROM_URL", publisher.url)
    said = []
    settings = Settings(artifacts=tmp_path)
    for out in ("a", "b"):
        path = prepare("hillstrom", tmp_path / out, settings, lambda step, share: said.append((step, share)))
        assert sha256(path) == HILLSTROM_SHA256
    assert publisher.asked == 1
    shares = [share for step, share in said if "127.0.0.1" in step]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@pytest.mark.parametrize("body", [b"another file", b"0" * 6_000_000])
def test_another_file_at_the_address_is_refused_and_not_kept(tmp_path, publisher, monkeypatch, body):
    publisher.body = body
    monkeypatch.setattr(examples, "HILLSTROM_URL", publisher.url)
    with pytest.raises(NotAvailableError):
        prepare("hillstrom", tmp_path / "out", Settings(artifacts=tmp_path))
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_offline_the_message_names_what_works_offline(tmp_path, monkeypatch):
    monkeypatch.setattr(examples, "HILLSTROM_URL", "http://127.0.0.1:9/closed")
    with pytest.raises(NotAvailableError, match="simulated"):
        prepare("hillstrom", tmp_path / "out", Settings(artifacts=tmp_path))


def test_a_damaged_local_file_is_refused(tmp_path):
    (tmp_path / "hillstrom.csv.gz").write_bytes(gzip.compress(b"recency\n1\n"))
    with pytest.raises(NotAvailableError, match="SHA-256"):
        prepare("hillstrom", tmp_path / "out", Settings(artifacts=tmp_path, data_dir=tmp_path))
    assert not list((tmp_path / "out").iterdir())


def test_cdnow_is_the_published_sample(tmp_path):
    """2,357 customers (Fader, Hardie & Lee 2005); 6,919 lines; the first line of the file as it stands."""
    frame = read_table(prepare("cdnow", tmp_path, Settings(artifacts=tmp_path)))
    assert frame.columns.tolist() == ["customer_id", "date", "quantity", "amount"]
    assert (len(frame), frame["customer_id"].nunique()) == (6_919, 2_357)
    assert frame.iloc[0].tolist() == ["00004", "1997-01-01", "2", "29.33"]


def test_online_retail_has_the_published_lines(data_dir, tmp_path):
    path = prepare("online-retail", tmp_path, Settings(artifacts=tmp_path, data_dir=data_dir))
    assert path.name == "online-retail.parquet"
    assert pq.ParquetFile(path).metadata.num_rows == retail.ROWS


def test_another_table_is_not_taken_for_online_retail(tmp_path):
    columns = {"Invoice": ["1"], "Quantity": [1], "Price": [1.0], "Customer ID": [1]}
    pd.DataFrame(columns).to_parquet(tmp_path / "online_retail_II.parquet")
    with pytest.raises(NotAvailableError, match="as published"):
        prepare("online-retail", tmp_path / "out", Settings(artifacts=tmp_path, data_dir=tmp_path))


def test_the_published_workbook_becomes_the_table_the_parquet_file_holds(data_dir, tmp_path):
    """Oracle: the first and last lines of the Parquet file, put into a workbook as UCI's is and converted."""
    real = pd.read_parquet(data_dir / "online_retail_II.parquet")
    few = pd.concat([real.head(150), real.tail(150)], ignore_index=True)
    book = openpyxl.Workbook(write_only=True)
    for name, lines in few.groupby("sheet"):
        sheet = book.create_sheet(f"Year {name}")
        sheet.append(list(retail.COLUMNS))
        for row in lines.drop(columns="sheet").itertuples(index=False):
            invoice = int(row.Invoice) if row.Invoice.isdigit() else row.Invoice
            code = int(row.StockCode) if row.StockCode.isdigit() else row.StockCode
            cells = [None if pd.isna(cell) else cell for cell in (invoice, code, *row[2:])]
            sheet.append(cells)
    book.save(tmp_path / "online_retail_II.xlsx")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "online_retail_II.xlsx", "online_retail_II.xlsx")
    retail.convert(tmp_path / "a.zip", tmp_path / "a.parquet")
    made = pd.read_parquet(tmp_path / "a.parquet")
    pd.testing.assert_frame_equal(made, few, check_dtype=False)
    with pytest.raises(NotAvailableError, match="as published"):
        retail.check(tmp_path / "a.parquet")


def test_the_simulated_example_has_its_truth_beside_it(tmp_path):
    path = prepare("simulated", tmp_path, Settings(artifacts=tmp_path))
    frame, truth = read_table(path), read_table(tmp_path / "simulated_truth.csv")
    assert path.name == "simulated.csv"
    assert len(frame) == len(truth) == 64_000
    assert frame.columns[-1] == "spend"


def test_an_unknown_example_is_refused_with_the_known_ones(tmp_path):
    with pytest.raises(NotFoundError, match="hillstrom, online-retail, cdnow, simulated"):
        prepare("titanic", tmp_path, Settings(artifacts=tmp_path))
