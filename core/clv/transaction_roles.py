"""What the columns of a transaction file are for, proposed from their names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields

from core.errors import DataError

_NAMES: dict[str, tuple[str, ...]] = {
    "customer": ("customerid", "customer", "clientid", "client", "userid", "custid", "memberid", "contactid"),
    "date": (
        "date", "invoicedate", "orderdate", "purchasedate", "transactiondate", "datetime", "timestamp",
        "orderedat", "createdat", "day",
    ),
    "amount": (
        "amount", "revenue", "sales", "spend", "total", "totalprice", "totalamount", "ordervalue",
        "dollarvalue", "linetotal", "value",
    ),
    "quantity": ("quantity", "qty", "units", "numberofcds"),
    "price": ("price", "unitprice", "itemprice"),
    "invoice": ("invoice", "invoiceno", "invoiceid", "orderid", "orderno", "ordernumber", "transactionid"),
    "product": ("stockcode", "sku", "product", "productid", "productcode", "item", "itemid", "article"),
    "source": ("sheet", "source", "sourcefile"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TransactionRoles:
    """Column names. amount wins over quantity × price; without either there is a count of orders but no
    value.

    invoice and product tell repeated lines, cancellations and postage apart. source: where a line came from
    (a sheet, a file); a line that stands in two sources is a repetition.
    """

    customer: str
    date: str
    amount: str | None = None
    quantity: str | None = None
    price: str | None = None
    invoice: str | None = None
    product: str | None = None
    source: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns named."""
        return tuple(name for spec in fields(self) if (name := getattr(self, spec.name)) is not None)

    @property
    def money(self) -> bool:
        """Whether amounts can be told."""
        return self.amount is not None or (self.quantity is not None and self.price is not None)


def propose(columns: Sequence[str], **chosen: str | None) -> TransactionRoles:
    """Roles by the names of the columns; what is chosen stays. DataError where customer or date are not
    found."""
    plain = {re.sub(r"[^a-z0-9]", "", str(column).lower()): str(column) for column in reversed(columns)}
    taken = {name for name in chosen.values() if name}
    roles = {role: name for role, name in chosen.items() if name}
    for role, names in _NAMES.items():
        if role in roles:
            continue
        for name in names:
            if name in plain and plain[name] not in taken:
                roles[role] = plain[name]
                taken.add(plain[name])
                break
    lacking = [role for role in ("customer", "date") if role not in roles]
    if lacking:
        raise DataError(
            f"No column was found for the {' and the '.join(lacking)} of an order.",
            f"Say which it is ({', '.join('--' + role for role in lacking)}). "
            f"The columns are: {', '.join(map(str, columns))}.",
        )
    return TransactionRoles(**roles)
