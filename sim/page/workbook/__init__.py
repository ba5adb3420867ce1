"""The medium "workbook": an answer and the tables behind it as XLSX, in one language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.lazy import face

if TYPE_CHECKING:
    from sim.page.workbook.book import workbook

__all__ = ["workbook"]

__getattr__ = face(__name__, {"sim.page.workbook.book": ("workbook",)})
