"""The pages, one file each, registered one by one; and the frame around them."""

from __future__ import annotations

from pages import (
    clv,
    compare,
    contacts,
    data,
    design_test,
    not_found_404,
    policy,
    profit,
    sensitivity,
    start,
    uplift,
)
from pages.frame import frame

PAGES = (start, data, uplift, profit, sensitivity, policy, contacts, compare, clv, design_test, not_found_404)

__all__ = ["PAGES", "frame"]
