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
# # 02 Scenarios, budgets, moving money · 情景、预算与调剂
#
# Three questions that a budget talk is about: what does another scenario change, how do the chances grow with
# money, and would the same money do more elsewhere? All three look at the same simulated worlds, so that a
# difference is an effect of the decision and hardly of luck.
#
# 讨论预算时常问的三个问题：换一种情景会怎样、多给钱能提高多少、同样的钱换个用途是否更好。三者用的是同一批模拟，
# 差别来自决策本身，而不是运气。

# %% tags=["parameters"]
REPLICATIONS = 200
FACTORS = "[0.5,0.75,1,1.5,2]"  # of the baseline's budget
FOLDER = "outputs/notebook_02"
LANGUAGE = "en"  # or "zh"

# %% [markdown]
# ## Scenarios of one's own choice · 自选情景
#
# A scenario is a preset, or a name with the settings that it changes. The first is the reference.
#
# 情景可以是预设，也可以自己起名并写明改动。第一个是参照。

# %%
from experiments.__main__ import kepusim

SCENARIOS = [
    "baseline",
    "{name: One fifth less, overrides: [budget.public_total=936000000]}",
    "{name: All at once, overrides: [planning.pace=1]}",
    "austerity",
]


def ask(question: str, *settings: str) -> None:
    """Put a planning question; the answer is printed, its tables are in a folder of that name."""
    shared = [
        f"replications={REPLICATIONS}",
        f"study.folder={FOLDER}/{question}",
        f"language={LANGUAGE}",
    ]
    assert kepusim([question, *settings, *shared]) == 0


ask("compare_scenarios", f"study.scenarios=[{', '.join(SCENARIOS)}]")

# %% [markdown]
# `difference` is in shares: 0.1 is ten percentage points. Its interval is that of the paired difference, far
# narrower than the two chances themselves.
#
# `difference` 是概率之差（0.1即10个百分点），区间按配对差值计算，比两个概率各自的区间窄得多。

# %%
import sim.study

compared = sim.study.open(f"{FOLDER}/compare_scenarios").table("compare_scenarios")
counts = compared[compared["target"] == "met_count"]
counts[
    [
        "scenario",
        "mean_reference",
        "mean",
        "value_difference",
        "value_difference_low",
        "value_difference_high",
    ]
]

# %% [markdown]
# ## More money, less money · 增减预算
#
# The same plan under other budgets. `probability` belongs to a budget that was simulated; between budgets a
# curve is fitted (`fitted`), which rises only if the points do not speak against it.
#
# 同一规划在不同预算下的结果。`probability` 是实际模拟的预算点；点与点之间拟合曲线（`fitted`），只有数据不反对时才
# 单调上升。

# %%
ask("budget_sweep", f"study.factors={FACTORS}")
sweep = sim.study.open(f"{FOLDER}/budget_sweep").table("budget_sweep")
met = sweep[sweep["target"] == "met_count"].set_index("setting")["mean"]
met

# %% [markdown]
# Which targets gain most from the lowest to the highest budget, and which do not care.
#
# 从最低到最高预算，哪些目标受益最多，哪些几乎不变。

# %%
decides = sweep[sweep["counts"] & (sweep["kind"] == "plan") & sweep["probability"].notna()]
by_budget = decides.pivot_table(index=f"label_{LANGUAGE}", columns="setting", values="probability")
gain = (by_budget.iloc[:, -1] - by_budget.iloc[:, 0]).sort_values(ascending=False)
gain.head(8), gain.tail(8)

# %% [markdown]
# A curve a target, with the simulated points.
#
# 每个目标一条曲线，圆点为模拟结果。

# %%
from IPython.display import Image

Image(filename=f"{FOLDER}/budget_sweep/budget_sweep_facilities_{LANGUAGE}.png", width=900)

# %% [markdown]
# ## The same money elsewhere · 经费调剂
#
# A budget is often fixed while its division is not. What one group gives the other receives; the sum stays the
# same to the last digit. `net` is the change in the number of targets met.
#
# 总额常常已定，用途尚可调剂。一组让出多少，另一组就得到多少，合计不变。`net` 为实现目标数的净变化。

# %%
ask("moving_money", "study.move=[activities,facilities]")
moved = sim.study.open(f"{FOLDER}/moving_money").table("moving_money_counts")
net = moved[moved["target"] == "met_count"]
net[["amount", "part", "targets_met", "targets_met_moved", "net", "net_low", "net_high"]]
