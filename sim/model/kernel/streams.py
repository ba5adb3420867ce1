"""Common random numbers: every uniform is a pure function of its name.

A number is named by (study seed, replication, purpose, entity key, index). Nothing else enters:
not the order of events, the scenario, the worker or the process. Two scenarios therefore share the
numbers of everything they have in common, and adding an entity leaves all others untouched.

Construction: BLAKE2b hashes (seed, replication, purpose) to 128 secret bits; the entity key and the
index are folded in by two rounds of a 64-bit finaliser (variant 13 of the SplitMix64 mixers:
D. Stafford, "Better bit mixing", 2011; G. Steele et al., "Fast splittable pseudorandom number
generators", OOPSLA 2014). The upper 53 bits, centred, are the uniform in the open unit interval.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_MULTIPLIER_1: Final = np.uint64(0xBF58476D1CE4E5B9)
_MULTIPLIER_2: Final = np.uint64(0x94D049BB133111EB)
_SHIFTS: Final = (np.uint64(30), np.uint64(27), np.uint64(31))
_UNIT: Final = 2.0**-53
_BELOW_ONE: Final = 1.0 - 2.0**-53
_TO_53_BITS: Final = np.uint64(11)


# Products and sums are meant to overflow: said to the ufuncs, that raises no warning even for a
# scalar, and nobody has to switch warnings off and on again.


def _mix(x: Keys) -> Keys:
    x = np.multiply(x ^ (x >> _SHIFTS[0]), _MULTIPLIER_1)
    x = np.multiply(x ^ (x >> _SHIFTS[1]), _MULTIPLIER_2)
    return x ^ (x >> _SHIFTS[2])


def _digest(*parts: object) -> bytes:
    text = "\x1f".join(map(str, parts)).encode()
    return hashlib.blake2b(text, digest_size=16, person=b"kepusim").digest()


@cache
def name_key(name: str) -> np.uint64:
    """Key of an entity that is known by one name (a parameter, a source)."""
    key: np.uint64 = np.frombuffer(_digest("name", name), dtype="<u8")[0]
    return key


def entity_keys(family: str, places: npt.ArrayLike, ordinals: npt.ArrayLike = 0) -> Keys:
    """Keys of the entities (family, place code, ordinal); arguments broadcast.

    ``family`` is the programme or kind of entity, ``places`` are adcodes (the city's own code for
    city-level entities), ``ordinals`` count the entities of one family in one place.
    """
    place_keys = _mix(np.asarray(places, dtype=np.uint64) ^ name_key(family))
    return _mix(np.add(place_keys, np.multiply(np.asarray(ordinals, dtype=np.uint64), _GOLDEN)))


def _uniforms(secret: Keys, keys: Keys, k: npt.ArrayLike) -> Floats:
    """Uniforms by the 128 bits of a digest, which may be two columns of several digests."""
    first, second = secret
    offset = second ^ np.multiply(np.asarray(k, dtype=np.uint64), _GOLDEN)
    bits = _mix(np.add(_mix(np.asarray(keys, dtype=np.uint64) ^ first), offset))
    uniforms: Floats = ((bits >> _TO_53_BITS).astype(np.float64) + 0.5) * _UNIT
    # The largest bit pattern rounds to one, which the open interval must not contain.
    return np.minimum(uniforms, _BELOW_ONE)


class Streams:
    """The named random numbers of one replication (aleatory uncertainty).

    Args:
        seed: seed of the study, non-negative.
        replication: number of the replication, from 0.
    """

    __slots__ = ("replication", "seed")

    def __init__(self, seed: int, replication: int) -> None:
        self.seed = seed
        self.replication = replication

    def uniform(self, purpose: str, keys: Keys, k: npt.ArrayLike = 0) -> Floats:
        """Uniforms in (0, 1) for ``keys`` and index ``k`` (broadcast against each other)."""
        return _uniforms(np.frombuffer(self._digest(purpose), dtype="<u8"), keys, k)

    def uniforms(self, purposes: Sequence[str], keys: Keys, k: int = 0) -> Floats:
        """:meth:`uniform` for several purposes at once: a row of uniforms for each."""
        digests = b"".join([self._digest(purpose) for purpose in purposes])
        return _uniforms(np.frombuffer(digests, dtype="<u8").reshape(-1, 2).T[:, :, None], keys, k)

    def _digest(self, purpose: str) -> bytes:
        return _digest(self.seed, self.replication, "streams/" + purpose)


def draw_uniforms(seed: int, draw: int, keys: Keys) -> Floats:
    """Uniforms of one joint parameter sample: one for each parameter key.

    They depend on the parameter's name and the index of the draw alone, so resuming, stopping early
    or adding a parameter changes no other value.
    """
    return _uniforms(np.frombuffer(_digest(seed, draw, "draw"), dtype="<u8"), keys, 0)
