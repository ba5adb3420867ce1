"""The random numbers: uniform, independent of each other, and functions of their names alone."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.model.kernel.streams import Streams, draw_uniforms, entity_keys, name_key
from tests.tolerance import ALARM, Z

N = 100_000
PURPOSES = ("build", "cost", "host", "tie", "covers", "review", "months", "existing")


def project_keys(n: int = N) -> np.ndarray:
    """Keys like those of projects: small consecutive numbers in few places."""
    ordinals = np.arange(n // 40)
    return entity_keys("rooms", np.arange(500_101, 500_141)[:, None], ordinals[None, :]).ravel()


def assert_uniform(u: np.ndarray, what: str) -> None:
    assert u.min() > 0.0
    assert u.max() < 1.0
    alarm = stats.kstest(u, "uniform").pvalue
    assert alarm >= ALARM, f"{what}: Kolmogorov-Smirnov p = {alarm:.1e}"
    counts = np.bincount((u * 256).astype(int), minlength=256)
    alarm = stats.chisquare(counts).pvalue
    assert alarm >= ALARM, f"{what}: chi-squared in 256 cells p = {alarm:.1e}"


def assert_independent(u: np.ndarray, v: np.ndarray, what: str) -> None:
    """No linear correlation, and the pairs fill the unit square evenly (chi-squared, 16 x 16)."""
    correlation = float(np.corrcoef(u, v)[0, 1])
    # The correlation of n independent pairs has standard error 1 / sqrt(n).
    assert abs(correlation) * np.sqrt(len(u)) <= Z, f"{what}: correlation {correlation:.4f}"
    cells = (u * 16).astype(int) * 16 + (v * 16).astype(int)
    alarm = stats.chisquare(np.bincount(cells, minlength=256)).pvalue
    assert alarm >= ALARM, f"{what}: pairs p = {alarm:.1e}"


# --------------------------------------------------------------------------------------- uniformity


@pytest.mark.parametrize("purpose", PURPOSES)
def test_uniform_over_keys(seed: int, purpose: str) -> None:
    assert_uniform(Streams(seed, 0).uniform(purpose, project_keys()), purpose)


def test_uniform_over_the_index(seed: int) -> None:
    key = entity_keys("staff", 500_101)
    assert_uniform(Streams(seed, 3).uniform("months", key, np.arange(N)), "index")


def test_uniform_over_replications(seed: int) -> None:
    key = entity_keys("rooms", 500_101, 7)
    u = [float(Streams(seed, r).uniform("build", key)) for r in range(20_000)]
    assert_uniform(np.array(u), "replications")


def test_uniform_over_seeds() -> None:
    key = entity_keys("rooms", 500_101, 7)
    u = [float(Streams(s, 0).uniform("build", key)) for s in range(20_000)]
    assert_uniform(np.array(u), "seeds")


def test_parameter_draws_are_uniform(seed: int) -> None:
    keys = np.array([name_key(f"parameter_{i}") for i in range(200)])
    assert_uniform(np.concatenate([draw_uniforms(seed, d, keys) for d in range(500)]), "draws")


def test_every_bit_is_a_fair_coin(seed: int) -> None:
    # The 53rd bit is lost to rounding in the upper half of the interval.
    bits = (Streams(seed, 0).uniform("build", project_keys()) * 2.0**52).astype(np.uint64)
    for bit in range(52):
        ones = int(((bits >> np.uint64(bit)) & np.uint64(1)).sum())
        # Number of ones: standard deviation sqrt(n) / 2.
        assert abs(ones - len(bits) / 2) / (np.sqrt(len(bits)) / 2) <= Z, f"bit {bit}"


# ------------------------------------------------------------------------------------- independence


def test_purposes_are_independent(seed: int) -> None:
    keys, streams = project_keys(), Streams(seed, 0)
    numbers = {purpose: streams.uniform(purpose, keys) for purpose in PURPOSES}
    for i, first in enumerate(PURPOSES):
        for second in PURPOSES[i + 1 :]:
            assert_independent(numbers[first], numbers[second], f"{first}, {second}")


@pytest.mark.parametrize("lag", [1, 2, 39, 40])
def test_neighbouring_keys_are_independent(seed: int, lag: int) -> None:
    u = Streams(seed, 0).uniform("build", project_keys())
    assert_independent(u[:-lag], u[lag:], f"keys at distance {lag}")


@pytest.mark.parametrize("lag", [1, 2, 8, 64])
def test_neighbouring_indices_are_independent(seed: int, lag: int) -> None:
    u = Streams(seed, 0).uniform("months", entity_keys("staff", 500_101), np.arange(N))
    assert_independent(u[:-lag], u[lag:], f"indices at distance {lag}")


@pytest.mark.parametrize("step", [1, 2, 2**31, 2**62])
def test_seeds_are_independent(seed: int, step: int) -> None:
    keys = project_keys()
    u, v = (Streams(s, 0).uniform("build", keys) for s in (seed, (seed + step) % 2**63))
    assert_independent(u, v, f"seeds {step} apart")


def test_replications_are_independent(seed: int) -> None:
    keys = project_keys()
    u, v = (Streams(seed, r).uniform("build", keys) for r in (0, 1))
    assert_independent(u, v, "replications")


def test_seed_and_replication_cannot_be_confused(seed: int) -> None:
    """(seed, replication) are two names, not their sum or their digits in a row."""
    key = entity_keys("rooms", 500_101, np.arange(10))
    pairs = [(12, 3), (1, 23), (123, 0), (3, 12), (2, 13), (13, 2)]
    seen = {tuple(Streams(s, r).uniform("build", key)) for s, r in pairs}
    assert len(seen) == len(pairs)


def test_parameters_are_independent_of_each_other_and_of_the_streams(seed: int) -> None:
    keys = np.array([name_key("attrition"), name_key("candidates")])
    u, v = np.array([draw_uniforms(seed, d, keys) for d in range(20_000)]).T
    assert_independent(u, v, "two parameters")
    w = np.array([Streams(seed, d).uniform("draw", keys)[0] for d in range(20_000)])
    assert_independent(u, w, "a parameter and a stream of the same key")


# ------------------------------------------------------------------------------ distinct and shared


def test_neighbouring_seeds_share_no_number(seed: int) -> None:
    """Two of 4e5 numbers of 53 bits coincide by chance with probability 1e-5."""
    keys = project_keys()
    numbers = np.concatenate([Streams(seed + i, 0).uniform("build", keys) for i in range(4)])
    assert len(np.unique(numbers)) == len(numbers)


def test_replications_have_distinct_streams(seed: int) -> None:
    key = entity_keys("rooms", 500_101, np.arange(20))
    streams = [tuple(Streams(seed, r).uniform("build", key).tolist()) for r in range(2_000)]
    assert len(set(streams)) == len(streams)
    numbers = {u for stream in streams for u in stream}
    assert len(numbers) == 2_000 * 20


def test_a_million_entities_have_a_million_keys() -> None:
    """Families, places and ordinals as in the plan, and more: distinct, all of them.

    A million keys of 64 bits coincide by chance with probability 3e-8.
    """
    families = ("rooms", "rooms2", "moor", "base/district", "base/municipal", "staff", "place")
    places = np.r_[0, 1, 2, 500_000, 500_101:500_139]
    ordinals = np.arange(3_500)
    keys = np.concatenate(
        [entity_keys(f, places[:, None], ordinals[None, :]).ravel() for f in families]
    )
    assert len(keys) > 10**6
    assert len(np.unique(keys)) == len(keys)


def test_names_have_distinct_keys() -> None:
    names = [f"{word}{i}" for word in ("cost_", "_cost", "attrition", "") for i in range(20_000)]
    assert len({int(name_key(name)) for name in names}) == len(names)


@given(
    seed=st.integers(0, 2**63 - 1),
    replication=st.integers(0, 10**7),
    purpose=st.sampled_from(PURPOSES),
    places=st.lists(st.integers(1, 10**6), min_size=1, max_size=20, unique=True),
    data=st.data(),
)
def test_a_number_depends_on_its_name_alone(
    seed: int, replication: int, purpose: str, places: list[int], data: st.DataObject
) -> None:
    """Not on the order of the keys, nor on which other keys are asked for, nor on history."""
    streams = Streams(seed, replication)
    together = streams.uniform(purpose, entity_keys("rooms", places, 3), 5)
    by_place = dict(zip(places, together.tolist(), strict=True))

    order = data.draw(st.permutations(places))
    shuffled = streams.uniform(purpose, entity_keys("rooms", order, 3), 5).tolist()
    assert dict(zip(order, shuffled, strict=True)) == by_place

    one = order[0]
    alone = Streams(seed, replication).uniform(purpose, entity_keys("rooms", one, 3), 5)
    assert float(alone) == by_place[one]

    wide = streams.uniform(purpose, entity_keys("rooms", [[one]], [[1, 2, 3]]), [[[5]], [[6]]])
    assert wide.shape == (2, 1, 3)
    assert wide[0, 0, 2] == by_place[one]


def test_several_purposes_at_once_are_the_purposes_one_by_one(seed: int) -> None:
    streams, keys = Streams(seed, 3), project_keys(400)
    at_once = streams.uniforms(PURPOSES, keys, 2)
    one_by_one = [streams.uniform(purpose, keys, 2) for purpose in PURPOSES]
    assert at_once.tolist() == np.array(one_by_one).tolist()
    assert streams.uniforms(PURPOSES, keys[:0]).shape == (len(PURPOSES), 0)


def test_the_first_of_several_is_the_one_that_needs_no_number(seed: int) -> None:
    streams, keys = Streams(seed, 3), project_keys(4)
    first = streams.uniform("build", keys, 0)
    assert streams.uniform("build", keys).tolist() == first.tolist()
    assert streams.uniforms(("build",), keys).tolist() == [first.tolist()]
    assert entity_keys("rooms", 7) == entity_keys("rooms", 7, 0)


def test_every_part_of_the_name_matters(seed: int) -> None:
    def number(
        s: int = seed,
        r: int = 0,
        p: str = "build",
        f: str = "rooms",
        a: int = 1,
        o: int = 1,
        k: int = 0,
    ) -> float:
        return float(Streams(s, r).uniform(p, entity_keys(f, a, o), k))

    numbers = [
        number(), number(s=seed + 1), number(r=1), number(p="cost"), number(f="halls"),
        number(a=2), number(o=2), number(k=1), number(a=2, o=2, k=1),
    ]  # fmt: skip
    assert len(set(numbers)) == len(numbers)


def test_a_new_parameter_leaves_the_others_alone(seed: int) -> None:
    names = ["attrition", "candidates", "staff_pay"]
    before = draw_uniforms(seed, 4, np.array([name_key(n) for n in names]))
    with_new = draw_uniforms(seed, 4, np.array([name_key(n) for n in ["a_new_one", *names]]))
    assert with_new[1:].tolist() == before.tolist()


# ------------------------------------------------------------------- the construction, as published


GOLDEN, ALL_BITS = 0x9E3779B97F4A7C15, 2**64 - 1


def splitmix64(x: int) -> int:
    """The finaliser of SplitMix64 in whole numbers, as published by S. Vigna (2015)."""
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & ALL_BITS
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & ALL_BITS
    return x ^ (x >> 31)


def blake(*parts: object) -> tuple[int, int]:
    text = "\x1f".join(map(str, parts)).encode()
    digest = hashlib.blake2b(text, digest_size=16, person=b"kepusim").digest()
    return int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little")


def reference(secret: tuple[int, int], key: int, k: int = 0) -> float:
    first, second = secret
    offset = second ^ (k * GOLDEN & ALL_BITS)
    bits = splitmix64((splitmix64(key ^ first) + offset) & ALL_BITS)
    return ((bits >> 11) + 0.5) / 2**53


def test_the_reference_gives_the_published_numbers() -> None:
    """SplitMix64 from the seed 1234567, as listed for implementations to be checked against."""
    states = [(1234567 + i * GOLDEN) & ALL_BITS for i in range(1, 6)]
    assert [splitmix64(state) for state in states] == [
        6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431,
        16408922859458223821,
    ]  # fmt: skip


@given(
    seed=st.integers(0, 2**63 - 1), replication=st.integers(0, 10**7), place=st.integers(0, 10**6),
    ordinal=st.integers(0, 10**6), k=st.integers(0, 10**4),
)  # fmt: skip
def test_every_number_is_what_the_construction_says(
    seed: int, replication: int, place: int, ordinal: int, k: int
) -> None:
    """Whoever computes it in whole numbers, from the description alone, finds the same."""
    of_place = splitmix64(place ^ blake("name", "rooms")[0])
    key = splitmix64((of_place + ordinal * GOLDEN) & ALL_BITS)
    assert int(entity_keys("rooms", place, ordinal)) == key
    keys = np.array([key], dtype=np.uint64)
    secret = blake(seed, replication, "streams/build")
    streams = Streams(seed, replication)
    assert streams.uniform("build", keys, k).tolist() == [reference(secret, key, k)]
    assert streams.uniform("build", keys).tolist() == [reference(secret, key)]
    drawn = draw_uniforms(seed, replication, keys).tolist()
    assert drawn == [reference(blake(seed, replication, "draw"), key)]
