"""What pages of HTML have in common: templates, and a policy by hash."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files

from sim.lazy import jinja2
from sim.words import Speech


def environment(speech: Speech) -> jinja2.Environment:
    """Templates in which everything is said in one language, and escaped."""
    return jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        finalize=speech.text,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def source(package: str, name: str) -> str:
    """A file beside a module."""
    return (files(package) / name).read_text(encoding="utf-8")


def digest(text: str) -> str:
    """What a policy calls a style or script, to let it alone be used."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
