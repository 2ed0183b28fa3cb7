"""A running JupyterLab, and how a notebook is opened and run in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect

PATIENCE = 90_000  # milliseconds


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab.

    Parameters
    ----------
    address : str
        Of its server.
    folder : Path
        The student's folder, with every released assignment and nothing else of the course.
    """

    address: str
    folder: Path

    def run_all(self, page: Page, path: str) -> None:
        """Open a notebook of the folder and run all its cells."""
        page.goto(f"{self.address}/lab/tree/{path}?reset")
        expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_role("button", name="Python 3 (ipykernel) | Idle")).to_be_visible(timeout=PATIENCE)
        choose = page.get_by_role("dialog").get_by_role("button", name="Select Kernel")
        if choose.count():  # a slow machine: the kernel came after the question for it
            choose.click()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
