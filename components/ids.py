"""The ids that callbacks and scripts share with the components, in one place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

SCENARIO = "scenario"
TRAINED = "trained"
"""dcc.Store on every page: the scenario as its URL query, written by the controls."""

ANNOUNCE = "announce"
FAULT = "fault"
"""Where the app says that a callback failed."""
AWAY = "away"
"""Where it says that the server does not answer."""
CONTEXT = "context"
RAIL = "rail"
PAPER = "paper"
THEME = "theme-switch"
COPY_LINK = "copy-link"
GLOSSARY, GLOSSARY_BUTTON = "glossary", "open-glossary"
SHEET_RAIL = "sheet-rail"
SHEET_CONTROLS = "sheet-controls"

CONTROLS = "controls"
MARGIN, COST, CONTACTS, WORTH = "margin", "cost", "contacts", "worth"
BEST = "best-contacts"
BEST_NEWS = "best-news"
"""dcc.Store: set in the browser when the server has answered with another best number."""
SHOWN = "controls-shown"
"""dcc.Store: what sliders and boxes showed last; where one differs, a person has moved it."""
BEST_BUTTON = "use-best"
PICK = "picked-cell"

DECISION = "decision"
PROFIT_CHART = "profit-chart"
DECILE_CHART = "decile-chart"
QINI_CHART = "qini-chart"
CALIBRATION_CHART = "calibration-chart"
ANSWER = "answer"
HEALTH = "health"
SHARES = "planned-shares"
DESIGN, DESIGN_STATE, DESIGN_EVIDENCE = "design-answer", "design-state", "design-evidence"
DESIGN_CHART = "design-chart"
SENSITIVITY_CHART = "sensitivity-chart"
SENSITIVITY_VIEW, SENSITIVITY_AXIS = "sensitivity-view", "sensitivity-axis"
SENSITIVITY_MAP = "sensitivity-map"
GRID = "contacts-grid"
GRID_HEAD, GRID_NOTE, GRID_FOUND = "contacts-head", "contacts-note", "contacts-found"
EXCEL, EXCEL_NOTE = "contacts-excel", "contacts-excel-note"
PACK = "build-pack"

UPLOAD_DROP, UPLOAD_INPUT, UPLOAD_PROGRESS, UPLOAD_RESULT = (
    "upload-drop",
    "upload-input",
    "upload-progress",
    "upload-result",
)
UPLOADED = "uploaded"
SAVE_PROBLEMS = "save-problems"
ROLES = "roles"
TRAIN = "train"
TRAIN_ANSWER = "train-answer"

EXAMPLE = "try-example"
MY_JOBS = "my-jobs"
"""dcc.Store kept by the browser: ids of the jobs started here; it is what makes a job survive a reload."""
START_JOB = "start-job"
"""dcc.Store: the id of the job that the background callback is to supervise."""
JOBS_TICK = "jobs-tick"
JOBS_BUTTON = "jobs-button"
JOBS_LIST = "jobs-list"
JOBS_SHOWN = "jobs-shown"
"""dcc.Store: which jobs are shown, in which state; what is shown already is not put there again."""
RECENT = "recent"
RECENT_LIST = "recent-list"
ADDRESS = "_pages_location"
"""Dash's own dcc.Location."""
GO = "go"
"""dcc.Location: what is written into its href becomes the page, without a reload."""
FINISHED = "finished-job"


def job_area(kind: Any) -> dict[str, Any]:
    """Where the jobs of a kind are shown on a page."""
    return {"type": "job-area", "kind": kind}


def slider(control: str) -> str:
    return f"{control}-slider"


def box(control: str) -> str:
    return f"{control}-box"


def carry(path: str, where: str) -> dict[str, str]:
    """A link that takes the current scenario along; `where` keeps two links to one page apart."""
    return {"type": "carry", "path": path, "where": where}


def role(name: str) -> str:
    return f"role-{name}"


def design(name: str) -> str:
    """A control of a test's design, or (name-field, name-unit) a part of it."""
    return f"plan-{name}"


def cancel(job: Any, where: Any) -> dict[str, Any]:
    return {"type": "cancel", "job": job, "where": where}


def progress(job: Any, where: Any) -> dict[str, Any]:
    """What changes on the card of a job while it runs."""
    return {"type": "job-progress", "job": job, "where": where}


def job_percent(job: Any) -> dict[str, Any]:
    """The percent in the bar of the pages."""
    return {"type": "job-percent", "job": job}


def summary(chart: str) -> str:
    return f"{chart}-summary"


def finding(chart: str) -> str:
    return f"{chart}-finding"


def png(chart: str) -> dict[str, str]:
    return {"type": "png", "chart": chart}


COMPARE, COMPARE_STATE, COMPARE_EVIDENCE = "compare-answer", "compare-state", "compare-evidence"
"""COMPARE_STATE is a dcc.Store: the whole query of the Compare page, both scenarios."""
COMPARE_TOLD = "compare-told"
"""What of the form cannot be used."""
COMPARE_CHART = "compare-chart"
COMPARE_SWAP = "compare-swap"
COMPARE_OTHERS = "compare-others"
"""Where the conditions that the form does not show are changed."""


def compared(side: str, name: str) -> str:
    """A field of one of the two scenarios; side is a or b."""
    return f"{side}-{name}"


CLV_AUDIENCE, CLV_ID, CLV_USE, CLV_TREATED = "clv-audience", "clv-id", "clv-use", "clv-treated"
CLV_JOIN, CLV_JOINED = "clv-join", "clv-joined"
CLV_CHECK = "clv-check"
CLV_RUN, CLV_ANSWER = "clv-run", "clv-answer"
CLV_CDNOW, CLV_RETAIL = "clv-cdnow", "clv-online-retail"
CLV_TRACKING, CLV_WEEKLY, CLV_FREQUENCY, CLV_ALIVE, CLV_VALUES = (
    "clv-tracking-chart",
    "clv-weekly-chart",
    "clv-frequency-chart",
    "clv-alive-chart",
    "clv-values-chart",
)


def clv_role(name: str) -> str:
    return f"clv-role-{name}"


def why(control: str) -> str:
    """The line of explanation under a control."""
    return f"{control}-why"


def clv_setting(name: str) -> str:
    return f"clv-{name}"


POLICY_DECISION, POLICY_NOTICE, POLICY_FORM = "policy-decision", "policy-notice", "policy-form"
POLICY_ASKED = "policy-asked"
"""dcc.Store: the query that is to be solved, with the page's name and which of its questions this is."""
POLICY_SOLVED, POLICY_CALM = "policy-solved", "policy-calm"
"""dcc.Store: what was last solved; the same once the controls have come to rest."""
POLICY_LIMITS, POLICY_WORTH, POLICY_LATER, POLICY_SPLIT = (
    "policy-limits",
    "policy-worth",
    "policy-later",
    "policy-split",
)
POLICY_FILES, POLICY_EXCEL, POLICY_EXCEL_NOTE = "policy-files", "policy-excel", "policy-excel-note"
FRONTIER_CHART, PLAN_MAP_CHART = "frontier-chart", "plan-map-chart"
PLAN_MAP, PLAN_MAP_BUTTON, PLAN_MAP_PART = "plan-map", "draw-plan-map", "plan-map-part"
PLAN_MAP_ASK, PLAN_MAP_WORK = "plan-map-ask", "plan-map-work"
PLAN_MAP_SHOWN = "plan-map-shown"
"""dcc.Store: the name of the map that is drawn."""
QUOTAS, QUOTA_ADD = "quotas", "add-quota"


def limit(name: Any) -> dict[str, Any]:
    """The box of one condition of a plan, or of its margin or cost; ALL for every one."""
    return {"type": "limit", "name": name}


def limit_slider(name: Any) -> dict[str, Any]:
    return {"type": "limit-slider", "name": name}


def per_action(part: Any, action: Any) -> dict[str, Any]:
    """A condition of one action: its number of contacts, cost or margin. action: its place."""
    return {"type": "per-action", "part": part, "action": action}


def quota(part: Any, row: Any) -> dict[str, Any]:
    return {"type": "quota", "part": part, "row": row}


def quota_remove(row: Any) -> dict[str, Any]:
    return {"type": "quota-remove", "row": row}


def dom(id: Mapping[str, Any]) -> str:
    """What an id of several parts is called in the document."""
    return json.dumps(dict(id), sort_keys=True, separators=(",", ":"))
