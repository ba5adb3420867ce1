# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 01 A first run, and how to read its answer · 第一次运行与读表
#
# kepusim plays the plan of 2016-2020 through many times, day by day, and counts in how many of these
# simulated histories each target is met. This notebook makes one run and reads its answer, from the chance
# of a target down to a single history.
#
# kepusim 把规划逐日推演许多遍，统计每项目标在多少次模拟中实现。本笔记先做一次运行，再从“达标概率”读到某一次
# 模拟里的一个项目。

# %% [markdown]
# ## The run · 运行
#
# The same as `python -m sim replications=200` on the command line. Two hundred histories know a chance near
# one half to about seven percentage points; more make it narrower.
#
# 与命令行 `python -m sim replications=200` 相同。200次模拟时，接近50%的概率误差约7个百分点；次数越多越准。

# %% tags=["parameters"]
REPLICATIONS = 200
FOLDER = "outputs/notebook_01"
LANGUAGE = "en"  # or "zh"

# %%
from pathlib import Path

from sim.__main__ import main

if not Path(FOLDER, "manifest.json").exists():  # results are never overwritten
    code = main(
        [
            f"replications={REPLICATIONS}",
            f"trace={REPLICATIONS // 2}",
            f"hydra.run.dir={FOLDER}",
            f"language={LANGUAGE}",
        ]
    )
    assert code == 0

# %% [markdown]
# ## The table · 目标实现情况
#
# One row per target and reading. `probability` is the share of histories in which the goal holds at the
# deadline; `probability_low` and `probability_high` say how far the limited number of histories may mislead.
# What nobody knows about the world is already inside the chance itself.
#
# 每个目标（及每种口径）一行。`probability` 为期末达标的模拟占比，`probability_low`、`probability_high` 只反映
# 模拟次数有限带来的误差；参数的不确定性已包含在概率之内。

# %%
import sim.study

results = sim.study.open(FOLDER)
attainment = results.attainment()
shown = ["label_en", "label_zh", "definition", "goal", "p50", "unit", "probability"]
likely_first = attainment[attainment["goal"].notna()].sort_values("probability", ascending=False)
likely_first[shown].head(12)

# %% [markdown]
# The rows at the end are about several targets at once: with what chance *all* of them hold, and how many do.
#
# 最后几行是综合判断：全部目标同时实现的概率，以及实现的目标个数。

# %%
joint = attainment[attainment["target"].str.fullmatch("(all|met_count)(:.*)?")]
joint[["target", "label_en", "label_zh", "probability", "mean", "p05", "p50", "p95"]]

# %% [markdown]
# A picture of the same: dots are chances, lines their intervals.
#
# 同样的内容画成图：点是概率，线是区间。

# %%
from IPython.display import Image

Image(filename=f"{FOLDER}/attainment_{LANGUAGE}.png", width=900)

# %% [markdown]
# ## From the histories to the table · 概率从哪里来
#
# `targets.parquet` holds the value of every target in every history. The chance is no more than a count, so
# it can be recomputed in one line, and compared with the table.
#
# `targets.parquet` 保存每次模拟中每个目标的数值。概率就是计数，一行即可重新算出，与表核对。

# %%
histories = results.targets()
counted = histories.groupby(["target", "definition"], observed=True)["attained"].mean()
told = attainment.fillna({"definition": ""}).set_index(["target", "definition"])["probability"]
difference = (counted - told.reindex(counted.index)).abs().max()
difference

# %% [markdown]
# The values of one target, history by history: where the median of the table and its 5-95 % range come from.
#
# 某一目标在各次模拟中的数值：表中的中位数和5–95%范围由此而来。

# %%
rooms = histories[histories["target"] == "community_rooms"]["value"]
rooms.quantile([0.05, 0.5, 0.95])

# %% [markdown]
# ## What held it back · 主要制约
#
# Only the histories that miss a target speak of it. Units, days and unfinished projects are counted apart.
#
# 只统计未达标的模拟；缺口单位、耽误天数、未完项目三者分开计算，不能相加。

# %%
held_back = results.table("held_back")
held_back[["label_en", "label_zh", "missed", "units_stage", "units_mean", "days_stage"]].head(12)

# %% [markdown]
# ## One history · 某一次模拟
#
# The run has kept every event of one history (`trace`). `sim.story` tells the life of a project or of a
# district in it. Without a name it picks an eventful project and says what else can be told.
#
# 运行时记录了其中一次模拟的全部事件（`trace`）。`sim.story` 可讲述其中任一项目或区县的经过；不指定名称时自动挑选
# 一个经历较多的项目。

# %%
from sim.story.__main__ import main as story

assert story([FOLDER, "--language", LANGUAGE]) == 0

# %% [markdown]
# ## Where every number comes from · 数字的来历
#
# `passport.csv` lists what differs from the baseline; `manifest.json` holds the full configuration, the seed,
# versions, and the hash of the results. Two runs agree if and only if their hashes do.
#
# `passport.csv` 列出与基准不同的设定；`manifest.json` 保存完整配置、种子、版本和结果编号。结果编号相同，结果才相同。

# %%
manifest = results.manifest
manifest["seed"], manifest["replications"], manifest["result_hash"]

# %%
results.table("passport")
