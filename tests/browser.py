"""Debian's Chromium, driven by Playwright: pages are tested as their readers see them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
_FLAGS = (
    "--no-sandbox",  # tests may run as root, in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser; without one tests are skipped, but fail where ``KEPUSIM_CI`` is set.

    Close it before other tests begin: while it is open, the thread has a running event loop.
    """
    if not CHROMIUM.exists():
        told = f"no {CHROMIUM}: install Debian's package chromium"
        if os.environ.get("KEPUSIM_CI"):
            pytest.fail(told)
        pytest.skip(told)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        yield browser
        browser.close()
