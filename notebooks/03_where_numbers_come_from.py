# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 03 Where the numbers come from, and what decides · 数字从哪里来，什么起决定作用
#
# A simulation is worth what its assumptions are worth. This notebook lists every uncertain number with how
# well it is known, shows what one of them looks like in the histories, and ranks them by how much they move
# the number of targets met. At the end it asks which constraint, if it were lifted, would gain most.
#
# 模拟结果好不好，取决于假设好不好。本笔记列出全部不确定参数及其依据，看其中一个参数在各次模拟中的取值，再按
# 对“实现目标个数”的影响排序，最后问：放开哪一项制约最见效。

# %% tags=["parameters"]
REPLICATIONS = 200
RANKED = 1000  # histories behind the ranking of assumptions: with few of them chance looks like influence
FOLDER = "outputs/notebook_03"
LANGUAGE = "en"  # or "zh"

# %% [markdown]
# ## A run, and all it assumes · 一次运行及其全部假设
#
# `manifest.json` holds the whole configuration; under `parameters` stands every uncertain number with its
# range, its source, and a grade: taken from the plan, from published statistics, derived, or assumed.
#
# `manifest.json` 保存完整配置；`parameters` 一节列出每个不确定参数的取值范围、来源和依据等级：规划所载、公开统计、
# 推算、假设。

# %%
from pathlib import Path

import pandas as pd

import sim.study
from sim.__main__ import main

if not Path(FOLDER, "manifest.json").exists():
    assert (
        main([f"replications={REPLICATIONS}", f"hydra.run.dir={FOLDER}", f"language={LANGUAGE}"])
        == 0
    )
results = sim.study.open(FOLDER)

parameters = pd.DataFrame(results.manifest["config"]["parameters"]).T
parameters["name"] = parameters["label"].map(lambda label: label[LANGUAGE])
grades = parameters["grade"].value_counts()
grades

# %% [markdown]
# What comes from a statistic or the plan, with its source.
#
# 来自统计或规划的参数及其来源。

# %%
known = parameters[parameters["grade"] != "assumption"]
known[["name", "kind", "low", "mode", "high", "unit", "source", "known_from"]]

# %% [markdown]
# What is assumed says why, in its note.
#
# 属于假设的参数，在注释里说明理由。

# %%
assumed = parameters[parameters["grade"] == "assumption"]
for note in assumed["note"].head(3):
    print("-", note)

# %% [markdown]
# ## One assumption in the histories · 一个假设在各次模拟中的取值
#
# Every history draws its own world. Histories under another budget draw the same one, so what differs
# between two scenarios is not luck. The values are never stored: they follow from the seed, the number of
# the history and the name of the parameter.
#
# 每次模拟各抽取一组参数；换一个预算，同一编号的模拟抽到的仍是同一组，所以情景之间的差别不是运气。抽样值不需要保存：
# 由种子、模拟编号和参数名即可重新得到。

# %%
from sim.config.schema import Run
from sim.study.worker import Worker

NAME = "community_rooms_unit_cost"
worker = Worker(Run.model_validate(results.manifest["config"]))
drawn = pd.Series([worker.draw(number)[NAME] for number in range(REPLICATIONS)], name=NAME)
own = parameters.loc[NAME]
print(own["name"], own["low"], own["mode"], own["high"], own["unit"])
drawn.describe()

# %% [markdown]
# ## Which assumptions decide · 哪些假设起决定作用
#
# `python -m experiments.influence` correlates the ranks of every parameter with the number of targets met.
# `beyond_noise` says whether a correlation is larger than chance makes one of them somewhere in a table so long.
#
# `python -m experiments.influence` 计算每个参数与实现目标个数的秩相关；`beyond_noise` 表示是否超出偶然
# （在这么长的表里，偶然也会产生不小的相关）。

# %%
from experiments.__main__ import kepusim

asked = [f"replications={RANKED}", f"study.folder={FOLDER}_influence", f"language={LANGUAGE}"]
assert kepusim(["influence", *asked]) == 0
influence = sim.study.open(f"{FOLDER}_influence").table("influence")
influence[
    [f"label_{LANGUAGE}", "correlation", "beyond_noise", "grade", "low", "high", "unit"]
].head(10)

# %% [markdown]
# How many of the numbers that decide are assumptions: those are the ones to ask about before the meeting.
#
# 起决定作用的参数中有多少是假设：开会前应先把这些问清楚。

# %%
decisive = influence[influence["beyond_noise"]]
decisive["grade"].value_counts()

# %% [markdown]
# ## What holds the city back · 什么卡住了全市
#
# Not numbers but constraints: money, review panels, crews, people, the calendar. Each is lifted in turn,
# in the same histories, and then all of them together.
#
# 再看制约本身：资金、评审、施工队、人员、时间与批次。在同样的模拟中逐项放开，最后全部放开。

# %%
asked = [
    f"replications={REPLICATIONS}",
    f"study.folder={FOLDER}_bottlenecks",
    f"language={LANGUAGE}",
]
assert kepusim(["bottlenecks", *asked]) == 0
bottlenecks = sim.study.open(f"{FOLDER}_bottlenecks").table("bottlenecks")
met = bottlenecks[bottlenecks["target"] == "met_count"]
met[["relief", "mean", "mean_gain", "mean_gain_low", "mean_gain_high"]]

# %%
from IPython.display import Image

Image(filename=f"{FOLDER}_bottlenecks/targets_met_{LANGUAGE}.png", width=900)
