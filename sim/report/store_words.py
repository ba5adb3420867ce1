"""Words about the store of finished replications; part of the catalogue of :mod:`words`."""

from __future__ import annotations

STORE_WORDS: dict[str, tuple[str, str]] = {
    "store.point": ("设计点", "Design point"),
    "store.labels": ("用于", "Used by"),
    "store.replications": ("模拟次数", "Replications"),
    "store.size": ("大小", "Size"),
    "store.used": ("最近使用", "Last used"),
    "store.summary": (
        "缓存库 {folder}：{replications}，{size}，上限{limit}。"
        "清空：python -m sim.study.store clear；不使用：store=null",
        "Store {folder}: {replications}, {size} of at most {limit}. "
        "To clear it: python -m sim.study.store clear; to do without it: store=null",
    ),
    "store.empty": (
        "缓存库 {folder} 是空的（上限{limit}）。",
        "The store {folder} is empty (it may hold {limit}).",
    ),
    "store.cleared": ("已清除：{replications}，{size}。", "Cleared: {replications}, {size}."),
}
