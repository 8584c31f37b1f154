"""Photograph every page of the running example, and renew the README's picture.

Run: make screenshots. All pages, wide and narrow, light and dark, go to artifacts/screenshots (to look at);
the profit page also to docs/images/profit.png (to commit).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path
from socket import socket

import httpx

from core.commands.example import prepare
from core.progress import silent
from core.scenario import Scenario
from core.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
CAMERA = ROOT / "tests" / "browser" / "screenshots.py"


def main() -> None:
    """Prepare the example, serve it, and take the pictures."""
    workspace = Workspace()
    out = workspace.settings.artifacts.absolute() / "screenshots"
    data_id, model_id = prepare(silent, workspace)
    query = Scenario(data=data_id, model=model_id).query_string()
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    server = subprocess.Popen([sys.executable, "-m", "core.cli", "serve", "--port", str(port)])
    try:
        wait(f"{url}/health")
        subprocess.run([sys.executable, str(CAMERA), str(out), url, query], check=True)
    finally:
        server.terminate()
        server.wait()
    picture = ROOT / "docs" / "images" / "profit.png"
    picture.parent.mkdir(exist_ok=True)
    shutil.copyfile(out / "profit-1280-light.png", picture)


def wait(url: str, seconds: float = 60.0) -> None:
    """Until the address answers; the last error where it does not in time."""
    until = time.monotonic() + seconds
    while True:
        try:
            httpx.get(url, trust_env=False).raise_for_status()
            return
        except httpx.HTTPError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


if __name__ == "__main__":
    main()
