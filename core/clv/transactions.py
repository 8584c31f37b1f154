"""From a table of order lines to clean transactions: who bought on which day for how much, and the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, NoReturn

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.clv import words
from core.clv.amounts import money_amounts
from core.clv.dates import MISSING, order_days, refuse_future, to_date, to_day
from core.clv.ledger import Ledger, LedgerLine
from core.clv.netting import netted
from core.clv.rows import FloatArray, IntArray
from core.clv.transaction_roles import TransactionRoles
from core.data.columns import numeric, require, text
from core.data.problems import refuse
from core.errors import DataError
from core.progress import Progress, silent

BoolArray = NDArray[np.bool_]
Cancellations = Literal["drop", "net"]
Services = Literal["drop", "keep"]

# Lines that are no goods: postage, fees, manual corrections, samples, vouchers, tests. The codes are those of
# Online Retail II and the common English words.
_SERVICE = (
    r"(?i)^(POST|POSTAGE|DOT|DOTCOM POSTAGE|SHIPPING|FREIGHT|DELIVERY|CARRIAGE|C2|C3|M|MANUAL|D|DISCOUNT|S|"
    r"SAMPLES?|B|BANK CHARGES|ADJUST[0-9]*|AMAZONFEE|FEE|CRUK|PADS|GIFT(_.*)?|VOUCHER.*|TEST[0-9]*)$"
)


@dataclass(frozen=True)
class Transactions:
    """Clean order lines.

    customers: (k,) ids, text, in the order of their first line. code: (n,) each line's customer.
    day: (n,) days since 1970-01-01. amount: (n,) money ≥ 0, or None where the file has none. end: last day
    of observation. ledger: what was left out, and why. sign: the currency sign that was taken off the
    amounts, "" where they had none.
    """

    customers: pd.Series
    code: IntArray
    day: IntArray
    amount: FloatArray | None
    end: date
    ledger: Ledger
    sign: str = ""


def transactions(
    frame: pd.DataFrame,
    roles: TransactionRoles,
    *,
    observation_end: date | None = None,
    cancellations: Cancellations = "drop",
    services: Services = "keep",
    day_first: bool | None = None,
    today: date | None = None,
    progress: Progress = silent,
) -> Transactions:
    """Clean a table of order lines.

    observation_end: the last day for which the data are complete; without one, the day of the last order,
    and orders after `today` are refused. cancellations: "drop" leaves out lines that take back an order,
    "net" also takes them from the order they cancel. services: whether postage, fees and the like are
    dropped or only counted. Raises DataError for cells that cannot be read and where no order remains.
    """
    require(frame, roles.columns, "The transactions")
    progress("Reading dates and amounts", 0.0)
    days = order_days(frame, roles.date, day_first=day_first)
    today = today or date.today()
    if observation_end is None:
        refuse_future(days, frame[roles.date], roles.date, today)
    elif observation_end > today:
        late = words.LATE_END.format(end=observation_end.isoformat())
        raise DataError(late, "Give the last day for which the orders are complete.")
    customer = text(frame, roles.customer).reset_index(drop=True)
    quantity = _numbers(frame, roles.quantity)
    amount, sign, price = _amount(frame, roles, quantity)
    if amount is not None and not (amount > 0).any():
        raise DataError(words.NOTHING_PAID, "Check which column is the amount.")
    progress("Cleaning", 0.4)
    book = _Book(len(frame))
    book.rule("no customer", customer.isna().to_numpy())
    book.rule("no date", days == MISSING)
    if amount is not None:
        book.rule("no amount", np.isnan(amount))
    _repetitions(book, frame, roles)
    takes_back = _takes_back(frame, roles, quantity, amount)
    if cancellations == "net" and amount is not None:
        product = text(frame, roles.product).reset_index(drop=True) if roles.product else None
        unit = price if price is not None else np.abs(amount)
        amount, cancelled = netted(book.keep, takes_back, customer, product, unit, quantity, amount, days)
        book.rule("cancellations, netted", takes_back, words.NETTED)
        book.rule("orders cancelled in full", cancelled)
    else:
        book.rule("cancellations", takes_back)
    if quantity is not None:
        book.rule("quantity of 0 or less", ~(quantity > 0))
    if price is not None:
        book.rule("price of 0 or less", ~(price > 0))
    if amount is not None:
        if sign:
            book.note(words.SIGNED.format(sign=sign), ~np.isnan(amount), words.SIGN_OFF)
        book.rule("amount below 0", ~(amount >= 0))
        free = amount == 0
        book.note("amount of 0", free, words.FREE_ORDERS if (free & book.keep).any() else "")
    if roles.product:
        code = text(frame, roles.product).reset_index(drop=True)
        service = code.str.match(_SERVICE, na=False).to_numpy()
        if services == "drop":
            book.rule("postage, fees and other lines that are no goods", service)
        else:
            book.note("postage, fees and other lines that are no goods", service, "Kept, as chosen.")
    end = _end(days, book.keep, observation_end, roles)
    book.rule(f"after {end.isoformat()}, the end of observation", days > to_day(end))
    if not book.keep.any():
        _nothing_left(book)
    if amount is not None and not (amount[book.keep] > 0).any():
        raise DataError(words.NOTHING_PAID, "Check which column is the amount.")
    progress("Grouping by customer", 0.8)
    place, found = pd.factorize(customer[book.keep])
    return Transactions(
        customers=pd.Series(found, name=roles.customer, dtype="str"),
        code=place.astype(np.int64),
        day=days[book.keep],
        amount=None if amount is None else amount[book.keep],
        end=end,
        ledger=book.ledger(),
        sign=sign,
    )


class _Book:
    """The ledger being written, and which lines are still in."""

    def __init__(self, lines: int) -> None:
        self.keep: BoolArray = np.ones(lines, dtype=bool)
        self._lines: list[LedgerLine] = []

    def rule(self, name: str, applies: BoolArray, note: str = "") -> None:
        taken = int((applies & self.keep).sum())
        self.keep = self.keep & ~applies
        self._lines.append(LedgerLine(name, int(applies.sum()), taken, int(self.keep.sum()), note))

    def note(self, name: str, applies: BoolArray, note: str) -> None:
        self._lines.append(LedgerLine(name, int(applies.sum()), 0, int(self.keep.sum()), note))

    def ledger(self) -> Ledger:
        return Ledger(len(self.keep), tuple(self._lines))


def _numbers(frame: pd.DataFrame, column: str | None) -> FloatArray | None:
    if column is None:
        return None
    values, problems = numeric(frame, column)
    refuse(problems, "The transactions")
    return values


def _amount(
    frame: pd.DataFrame, roles: TransactionRoles, quantity: FloatArray | None
) -> tuple[FloatArray | None, str, FloatArray | None]:
    """Amount, the currency sign taken off, and the unit price where the file has one."""
    if roles.amount:
        return *money_amounts(frame, roles.amount), None
    if quantity is not None and roles.price:
        price, sign = money_amounts(frame, roles.price)
        return quantity * price, sign, price
    return None, "", None


def _repetitions(book: _Book, frame: pd.DataFrame, roles: TransactionRoles) -> None:
    """A line that repeats another in every column but its source. Without an invoice two equal lines may be
    two orders, so they stay."""
    if not roles.invoice:
        return
    columns = [column for column in frame.columns if column != roles.source]
    repeated = frame.duplicated(columns).to_numpy()
    if roles.source:
        # where the first line that says the same stands; 64-bit hashes of a few million lines do not collide
        same = pd.factorize(pd.util.hash_pandas_object(frame[columns], index=False))[0]
        first = np.zeros(len(same), dtype=np.int64)
        first[same[::-1]] = np.arange(len(same))[::-1]
        place = pd.factorize(frame[roles.source])[0]
        elsewhere = repeated & (place != place[first[same]])
        book.rule(f"lines of one {roles.source} that stand in an earlier one", elsewhere)
        repeated = repeated & ~elsewhere
    book.rule("exact repetitions", repeated)


def _takes_back(
    frame: pd.DataFrame, roles: TransactionRoles, quantity: FloatArray | None, amount: FloatArray | None
) -> BoolArray:
    takes_back = np.zeros(len(frame), dtype=bool)
    if roles.invoice:
        takes_back |= text(frame, roles.invoice).str.match(r"(?i)^C[0-9]", na=False).to_numpy()
    elif quantity is not None:
        takes_back |= quantity < 0
    elif amount is not None:
        takes_back |= amount < 0
    return takes_back


def _end(days: IntArray, keep: BoolArray, wanted: date | None, roles: TransactionRoles) -> date:
    known = days[days != MISSING]
    if not len(known):
        raise DataError(f"Column '{roles.date}' holds no dates.", "Fill it in, or choose another column.")
    if wanted is None:
        return to_date(int((days[keep] if keep.any() else known).max()))
    first = to_date(int(known.min()))
    if wanted < first:
        raise DataError(
            f"The observation ends on {wanted.isoformat()}, before the first order on {first.isoformat()}.",
            f"Choose an end between {first.isoformat()} and {to_date(int(known.max())).isoformat()}.",
        )
    return wanted


def _nothing_left(book: _Book) -> NoReturn:
    most = max(book.ledger().lines, key=lambda line: line.taken)
    raise DataError(
        f"No order is left after cleaning: of {len(book.keep):,} lines, "
        f"{most.taken:,} fell to the rule '{most.rule}'.",
        "Check which column is which, and the values in it.",
    )
