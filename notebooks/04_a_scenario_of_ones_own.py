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
# # 04 A scenario of one's own · 自己编写情景
#
# A scenario is a small file: what it is called, and what it changes of the baseline. This notebook writes one,
# lets the program find a slip in it, compares it with the baseline, and makes a brief of it for a meeting.
#
# 情景就是一个小文件：写明名称，以及与基准不同的设定。本笔记编写一个情景，看程序怎样指出其中的笔误，再与基准比较，
# 最后生成一份开会用的简报。

# %% tags=["parameters"]
REPLICATIONS = 200
FOLDER = "outputs/notebook_04"
LANGUAGE = "en"  # or "zh"

# %% [markdown]
# ## The file · 情景文件
#
# Less money, later, and a summer in which the northeast is closed. Amounts are yuan of five years; every key
# is explained in `docs/settings.md`, and `docs/extending.md` shows more that a scenario may hold.
#
# 资金减少而且后到，渝东北夏季停工两个月。金额以元计，为五年合计；各键的含义见 `docs/settings.md`。

# %%
from pathlib import Path

SCENARIO = """
# @package _global_
defaults:
  - override /budget: back_loaded
  - _self_

scenario:
  name: late_and_less
  label: {zh: 资金减少且后置, en: Less money and later}
budget:
  public_total: 936000000
shocks:
  - {kind: closure, start: "2018-07-01", end: "2018-08-31", size: 1.0, zones: [northeast]}
"""
MINE = Path(FOLDER, "mine")
Path(MINE, "scenario").mkdir(parents=True, exist_ok=True)


def write(text: str) -> None:
    """Write the file of the scenario."""
    Path(MINE, "scenario", "late_and_less.yaml").write_text(text.strip() + "\n", encoding="utf-8")


# %% [markdown]
# ## A slip · 写错了会怎样
#
# A key that does not exist is no setting that is silently ignored: the program says where it stands, what it
# might have been, and stops before anything is simulated (exit code 2).
#
# 写错的键不会被悄悄忽略：程序会指出它在哪个文件、最接近的正确写法是什么，并在模拟之前停下（退出码2）。

# %%
import contextlib
import io

from sim.__main__ import main

write(SCENARIO.replace("public_total", "public_totl"))
with contextlib.redirect_stderr(io.StringIO()) as said:
    refused = main(["--config-dir", str(MINE), "scenario=late_and_less", f"language={LANGUAGE}"])
print(said.getvalue())
refused

# %% [markdown]
# ## The run · 运行

# %%
write(SCENARIO)
RUN = f"{FOLDER}/late_and_less"
if not Path(RUN, "manifest.json").exists():
    arguments = [f"replications={REPLICATIONS}", f"hydra.run.dir={RUN}", f"language={LANGUAGE}"]
    assert main(["--config-dir", str(MINE), "scenario=late_and_less", *arguments]) == 0

# %% [markdown]
# The passport lists every difference from the baseline, and where it was set.
#
# 设定表列出与基准的每一处不同，以及是在哪里设定的。

# %%
import sim.study

results = sim.study.open(RUN)
passport = results.table("passport")
passport

# %% [markdown]
# ## Against the baseline · 与基准比较
#
# The same histories under the baseline: the difference of two chances is taken history by history, so the
# luck of both is the same and drops out.
#
# 在同样的模拟中与基准比较：概率之差逐次计算，两边的运气相同，互相抵消。

# %%
BASELINE = f"{FOLDER}/baseline"
if not Path(BASELINE, "manifest.json").exists():
    assert (
        main([f"replications={REPLICATIONS}", f"hydra.run.dir={BASELINE}", f"language={LANGUAGE}"])
        == 0
    )

from experiments.__main__ import kepusim

COMPARED = f"{FOLDER}/compared"
asked = [f"study.runs=[{BASELINE},{RUN}]", f"study.folder={COMPARED}", f"language={LANGUAGE}"]
assert kepusim(["compare_scenarios", *asked]) == 0

# %%
compared = sim.study.open(COMPARED).table("compare_scenarios")
losers = compared[compared["target"] != "met_count"].sort_values("difference")
losers[[f"label_{LANGUAGE}", "probability_reference", "probability", "difference"]].head(8)

# %% [markdown]
# ## For the meeting · 开会材料
#
# A brief (a page that prints on A4) and the picture that answers alone. Slides and a workbook come the same
# way: `python -m sim.report FOLDER brief deck workbook`.
#
# 简报（可打印为A4）和单独就能说明问题的总览图。幻灯片和工作簿同样一条命令：
# `python -m sim.report 文件夹 brief deck workbook`。

# %%
from sim.report.__main__ import main as report

assert report([RUN, "brief", f"language={LANGUAGE}"]) == 0
brief = Path(RUN, f"brief_{LANGUAGE}.html")
brief.stat().st_size

# %%
from IPython.display import Image

Image(filename=f"{RUN}/overview_{LANGUAGE}.png", width=900)
