"""The words of the trade, each explained in a sentence."""

from __future__ import annotations

GLOSSARY: dict[str, str] = {
    "uplift": "What a customer does because of the contact: the outcome with it minus that without it.",
    "incremental": "Caused by the contact: it would not have happened without it.",
    "margin": "The share of revenue that is kept as profit before the cost of the contact.",
    "decile": "A tenth of the customers, sorted from the highest predicted uplift to the lowest.",
    "Qini": "How well a ranking finds the customers a contact changes; 0 is no better than random.",
    "CLV": "Customer lifetime value: the profit expected from a customer over a stated horizon.",
    "control group": "Customers of the campaign who were not contacted, by chance.",
    "interval": "Where the true figure lies with 90 % confidence, as far as chance among customers goes.",
    "measured": "Computed from what customers of the experiment did, contacted against not contacted.",
    "predicted": "What the model expects; it can be too optimistic, so measured stands beside it.",
    "break-even": "Where the profit of one more contact is exactly zero.",
    "hold-out": "Customers left out by chance so that the campaign can be measured.",
}
