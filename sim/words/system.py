"""Why the system refuses something, in words."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.words.catalogue import catalogue

if TYPE_CHECKING:
    from sim.words.speech import Speech


@dataclass(frozen=True)
class SystemReason:
    """What an error of the system says; ``name`` is that of its number, such as ``ENOSPC``."""

    name: str
    text: str

    @classmethod
    def of(cls, error: OSError) -> SystemReason:
        """Why ``error`` was raised."""
        return cls(errno.errorcode.get(error.errno or 0, ""), error.strerror or str(error))

    def spoken(self, speech: Speech) -> str:
        """As in ``No space left on device``; what has no words of ours as the system says it."""
        key = f"system.{self.name}"
        return speech(key) if catalogue().has(key) else self.text
