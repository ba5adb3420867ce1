"""Which version of kepusim this is."""

from __future__ import annotations

from sim.lazy import metadata


def package_version() -> str:
    """The version of the installed package; "0+unknown" where it runs without being installed."""
    try:
        return metadata.version("kepusim")
    except metadata.PackageNotFoundError:
        return "0+unknown"
