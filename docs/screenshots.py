"""Photograph every page of the running example, and renew the README's pictures.

Run: make screenshots. All pages, wide and narrow, light and dark, go to artifacts/screenshots (to look at);
the upper part of four of them also to docs/images (to commit).
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from socket import socket

import httpx
from PIL import Image

from core.commands.example import prepare
from core.progress import silent
from core.scenario import Scenario
from core.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
TOUR = {"data": 1156, "uplift": 1376, "profit": 1200, "sensitivity": 1160, "contacts": 1080}
"""Pages of the README's tour, each with the height in pixels that is shown of it."""
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
    for page, height in TOUR.items():
        keep(out / f"{page}-1280-light.png", ROOT / "docs" / "images" / f"{page}.png", height)


def keep(taken: Path, kept: Path, height: int) -> None:
    """The upper part of a picture."""
    kept.parent.mkdir(exist_ok=True)
    with Image.open(taken) as picture:
        part = picture.convert("RGB").crop((0, 0, picture.width, min(height, picture.height)))
        part.save(kept, optimize=True)


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
