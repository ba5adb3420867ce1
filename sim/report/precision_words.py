"""The words on how precise a study has become: a part of the catalogue in ``words``."""

from __future__ import annotations

PRECISION_WORDS: dict[str, tuple[str, str]] = {
    "precision.reached": (
        "各情景均模拟{replications}次，各达标概率95%区间的半宽均不超过{reached}个百分点"
        "（要求{asked}个百分点，上限{cap}次）。",
        "With {replications} replications each, no 95 % interval of a chance has a half-width "
        "above {reached} percentage points; asked for were {asked}, in {cap} "
        "replications at most.",
    ),
    "precision.capped": (
        "已达上限{cap}次模拟而停止：达标概率95%区间的最大半宽为{reached}个百分点，"
        "未达到所要求的{asked}个百分点。",
        "The cap of {cap} replications was reached before the precision asked for: the widest "
        "95 % interval of a chance has a half-width of {reached} percentage points, asked for "
        "were {asked}.",
    ),
}
