"""A page in a real browser, held to what everybody needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def hold_readable(browser: Browser, file: Path, *, width: int, dark: bool) -> None:
    """axe-core finds no violation with every part unfolded, nothing is fetched, nothing is wider than the screen."""
    sheet = browser.new_page(viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light")
    asked: list[str] = []
    sheet.on("request", lambda request: asked.append(request.url))
    sheet.on("console", lambda message: asked.append(message.text))
    sheet.goto(file.as_uri())
    assert asked == [file.as_uri()]
    sheet.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    assert sheet.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(sheet, options={"runOnly": RULES})
    assert json.dumps(found.response["violations"], indent=1) == "[]"
    sheet.close()
