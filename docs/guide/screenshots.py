"""
Draw the pictures of the guide: a server on the demonstration's data in a folder of its own, photographed with Chromium.

Run from the repository: ``.venv/bin/python docs/guide/screenshots.py [NAME…]``. ``CHROMIUM`` names the browser when it is not on
the search path.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).resolve().parent / "images"
PROGRAM = Path(sys.executable).with_name("madoguchi")
CITY = "sagamihara"
WIDTH, HEIGHT = 1100, 760
COLOURS = 64  # pictures of pages need few colours, and the repository stays small
PAGES = {
    "plan": "/plan/ict-2017/",
    "results": "/plan/ict-2017/results/",
    "portfolio": "/plan/ict-2020/portfolio/",
    "compare": "/plan/compare/",
    "indicator": "/plan/ict-2017/indicators/",
    "steering": "/steering/?plan=ict-2017",
    "attention": "/steering/attention/",
    "builder-form": "/builder/dog-registration/form/?at=form.steps.1.fields.6",
    "messages": "/messages/",
    "topics": "/messages/topics/",
    "emergency": "/emergency/",
    "alert-rules": "/emergency/rules/",
    "signage": "/office/signage/",
    "inbox": "/inbox/",
    "preferences": "/preferences/",
}
PEOPLE = {
    "/builder/": "sekkei",
    "/messages/": "koho",
    "/office/signage/": "koho",
    "/emergency/": "kiki",
    "/inbox/": "shimin",
    "/preferences/": "shimin",
}
"""Who looks at the pages of a room, where it is not the office of the plan."""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(address: str, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own server on this machine
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.3)
    raise TimeoutError(address)


def person_for(path: str) -> str:
    return next((login for start, login in PEOPLE.items() if path.startswith(start)), "jimukyoku")


def sign_in(page: Page, base: str, login: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{base}/accounts/login/?next=/me/")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", "madoguchi-mihon")
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "/accounts/" not in address)


def photograph(page: Page, base: str, name: str, path: str) -> None:
    page.goto(base + path)
    if name == "indicator":
        page.locator("table#indicators th a").first.click()
    file = IMAGES / f"{name}.png"
    page.screenshot(path=file, clip={"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT}, full_page=True)
    with Image.open(file) as picture:
        picture.convert("RGB").quantize(COLOURS).save(file, optimize=True)
    print(f"{file.relative_to(Path.cwd())}  {file.stat().st_size // 1024} KB")


def main(names: list[str]) -> None:
    chosen = {name: path for name, path in PAGES.items() if not names or name in names}
    IMAGES.mkdir(exist_ok=True)
    home, port = tempfile.mkdtemp(prefix="madoguchi-guide-"), free_port()
    environment = {**os.environ, "MADOGUCHI_HOME": home, "MADOGUCHI_DEMONSTRATION": "1"}
    for command in (["migrate"], ["demonstration", "load"], ["worker", "--batch"]):
        subprocess.run([PROGRAM, *command], env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
    server = subprocess.Popen([PROGRAM, "serve", "--port", str(port)], env=environment, start_new_session=True)  # noqa: S603 - our own
    try:
        base = f"http://{CITY}.localhost:{port}"
        wait_for(f"http://127.0.0.1:{port}/readyz")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"), args=["--no-sandbox"]
            )
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, locale="ja-JP")
            for login in dict.fromkeys(map(person_for, chosen.values())):
                sign_in(page, base, login)
                for name, path in chosen.items():
                    if person_for(path) == login:
                        photograph(page, base, name, path)
            browser.close()
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=20)
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1:])
