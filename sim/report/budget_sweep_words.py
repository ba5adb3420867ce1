"""The words of sweeps of money and other levers: a part of the catalogue in ``words``."""

from __future__ import annotations

BUDGET_SWEEP_WORDS: dict[str, tuple[str, str]] = {
    # levers and their settings
    "lever.part": ("{name}（{part}）", "{name} ({part})"),
    "lever.money": ("{number}亿元", "{number} million yuan"),
    "lever.money_axis": ("{lever}（亿元）", "{lever} (million yuan)"),
    "lever.with_reading": ("{name}（{reading}）", "{name} ({reading})"),
    "lever.change": ("“{name}”（{low}→{high}）", "“{name}” ({low} → {high})"),
    # the answer
    "sweep.count": (
        "{lever}从{first}增加到{last}，已建模的{total}项规划目标平均达标项数由{low}项变为{high}项"
        "{base}。",
        "As {lever} grows from {first} to {last}, the mean number of targets met, of {total} "
        "modelled targets of the plan, goes from {low} to {high}{base}.",
    ),
    "sweep.count_base": ("（基准{setting}：{mean}项）", " (base run, {setting}: {mean})"),
    "sweep.respond": (
        "有明显反应的目标有{count}项，变化最大的是{list}{fall}；其余{rest}项的变化不足5个百分点"
        "或在模拟误差之内。",
        "Targets that respond: {count}, most of all {list}{fall}; for the other {rest} the change "
        "is below 5 percentage points or within simulation error.",
    ),
    "sweep.respond_none": (
        "{total}项目标中没有一项有明显反应（变化不足5个百分点或在模拟误差之内）。",
        "None of the {total} targets responds: every change is below 5 percentage points or within "
        "simulation error.",
    ),
    "sweep.respond_all": (
        "{count}项目标全部有明显反应，变化最大的是{list}{fall}。",
        "All {count} targets respond, most of all {list}{fall}.",
    ),
    "sweep.fall": (
        "，其中{count}项的达标概率反而下降（{list}）",
        "; less likely instead: {count}, {list}",
    ),
    "sweep.best_none": (
        "相邻两档之间，达标项数的变化都在模拟误差之内。",
        "No step between neighbouring settings changes the number of targets met beyond simulation "
        "error.",
    ),
    "sweep.best_money": (
        "新增经费效果最大的区间是{first}至{last}：每增加1亿元，平均多达标{gain}项（95%区间{low}–{high}）。",
        "Further money buys most between {first} and {last}: {gain} more targets met for every "
        "100 million yuan (95 % interval {low} to {high}).",
    ),
    "sweep.best_other": (
        "变化最快的区间是{first}至{last}：平均达标项数变化{gain}项（95%区间{low}至{high}）。",
        "The change is fastest between {first} and {last}: {gain} targets met "
        "(95 % interval {low} to {high}).",
    ),
    "sweep.next_money": (
        "在基准之上增加到{last}，每1亿元平均多达标{gain}项（95%区间{low}–{high}）{gains}。",
        "Beyond the base run, up to {last}, it is {gain} for every 100 million yuan "
        "(95 % interval {low} to {high}){gains}.",
    ),
    "sweep.next_other": (
        "从基准提高到{last}，平均达标项数变化{gain}项（95%区间{low}至{high}）{gains}。",
        "From the base run up to {last} it is {gain} targets met "
        "(95 % interval {low} to {high}){gains}.",
    ),
    "sweep.next_gains": ("，受益最多的是{list}", ", most of it for {list}"),
    "sweep.gain": ("“{name}”（+{gain}个百分点）", "“{name}” (+{gain} points)"),
    "sweep.flat": (
        "到{setting}时已达到这一范围内全部变化的九成，此后收益递减。",
        "Nine tenths of the whole change are reached at {setting}: beyond it returns are small.",
    ),
    "sweep.not_flat": (
        "直到{setting}才达到全部变化的九成，在此之前收益没有走平。",
        "Nine tenths of the whole change are reached at {setting} only: returns do not flatten "
        "before.",
    ),
    "sweep.grid_answer": (
        "在{first}与{second}的{points}种组合中，已建模的{total}项规划目标平均达标项数最少{low}项"
        "（{low_at}），最多{high}项（{high_at}）{base}。",
        "Over {points} combinations of {first} and {second}, the mean number of targets met, of "
        "{total} modelled targets of the plan, is least {low} ({low_at}) and at most {high} "
        "({high_at}){base}.",
    ),
    "sweep.grid_base": ("；基准为{mean}项", "; the base run has {mean}"),
    # the console table
    "sweep.table_title": ("达标概率随{lever}的变化", "Chances by {lever}"),
    "sweep.table_caption": (
        "{replications}，各列使用相同的随机数；* 为基准；先列变化最大的目标",
        "{replications} on common random numbers; * base run; targets that change most come first",
    ),
    "sweep.table_met": ("平均达标项数（共{total}项）", "Targets met, mean (of {total})"),
    "sweep.table_still": ("没有明显反应：{list}。", "No response: {list}."),
    "sweep.table_item": ("{name}{chance}", "{name} {chance}"),
    "sweep.table_grid": (
        "平均达标项数（共{total}项）；横向：{first}；纵向：{second}",
        "Targets met, mean (of {total}); across: {first}; down: {second}",
    ),
    # charts
    "sweep.chart_title": (
        "{group}：{total}项目标中{count}项随{lever}明显变化，“{most}”变化最大",
        "{group}: {count} of {total} targets respond to {lever}, most of all “{most}”",
    ),
    "sweep.chart_title_none": (
        "{group}：{total}项目标都不随{lever}明显变化",
        "{group}: none of {total} targets responds to {lever}",
    ),
    "sweep.chart_subtitle": (
        "点为模拟的达标概率，色带为95%区间（仅模拟误差），线为单调拟合，虚线为基准；蓝色：有明显反应",
        "Dots: simulated chance of being met; band: 95 % interval (simulation error only); line: "
        "monotone fit; dashed: base run; blue: responds",
    ),
    "sweep.met_title": (
        "{lever}从{first}增加到{last}，平均达标项数由{low}项变为{high}项（共{total}项）{flat}",
        "As {lever} grows from {first} to {last}, targets met go from {low} to {high} of {total} "
        "on average{flat}",
    ),
    "sweep.met_title_flat": ("；九成变化在{setting}前实现", "; nine tenths of it by {setting}"),
    "sweep.met_subtitle": (
        "点为平均达标项数，线为单调拟合，色带为90%的模拟结果（5–95%），虚线为基准",
        "Dots: mean number of targets met; line: monotone fit; band: 90 % of replications "
        "(5–95 %); dashed: base run",
    ),
    "sweep.met_all": ("全部目标（共{total}项）", "All targets ({total})"),
    "sweep.met_group": ("{group}（共{total}项）", "{group} ({total})"),
    "sweep.from_to": ("{low} → {high}", "{low} → {high}"),
    "sweep.joint_title": (
        "{lever}从{first}增加到{last}，全部{total}项目标同时达标的概率由{low}变为{high}{most}",
        "As {lever} grows from {first} to {last}, the chance that all {total} targets are met goes "
        "from {low} to {high}{most}",
    ),
    "sweep.joint_title_same": (
        "{lever}从{first}增加到{last}，全部{total}项目标同时达标的概率始终为{low}{most}",
        "As {lever} grows from {first} to {last}, the chance that all {total} targets are met "
        "stays at {low}{most}",
    ),
    "sweep.joint_grid_title": (
        "全部{total}项目标同时达标的概率最低{low}，最高{high}{most}",
        "The chance that all {total} targets are met: {low} at least, {high} at most{most}",
    ),
    "sweep.joint_grid_title_same": (
        "全部{total}项目标同时达标的概率在各种组合下均为{low}{most}",
        "The chance that all {total} targets are met is {low} at every combination{most}",
    ),
    "sweep.joint_most": (
        "；各类中“{group}”变化最大（{low}→{high}）",
        "; that of “{group}” changes most ({low} → {high})",
    ),
    "sweep.joint_subtitle": (
        "点为全部或一类目标同时达标的模拟概率，色带为95%区间（仅模拟误差），线为单调拟合，虚线为基准；"
        "蓝色：有明显反应",
        "Dots: simulated chance that all targets, or all of a group, are met; band: 95 % interval "
        "(simulation error only); line: monotone fit; dashed: base run; blue: responds",
    ),
    "sweep.joint_grid_subtitle": (
        "格中数字为全部或一类目标同时达标的概率（%），颜色越深概率越高；粗框为基准",
        "Numbers: chance that all targets, or all of a group, are met (%), darker is higher; heavy "
        "frame: base run",
    ),
    "sweep.base": ("基准", "base"),
    "sweep.grid_title": (
        "平均达标项数最少{low}项，最多{high}项（共{total}项）：{first}为{first_at}、"
        "{second}为{second_at}时最多",
        "Targets met, of {total}: {low} at least and {high} at most, the most with {first} at "
        "{first_at} and {second} at {second_at}",
    ),
    "sweep.grid_subtitle": (
        "格中数字为平均达标项数；粗框为基准",
        "Numbers: mean number of targets met; heavy frame: base run",
    ),
    "sweep.pages_title": (
        "{total}项目标中有{count}项有明显反应，变化最大的是“{most}”",
        "{count} of {total} targets respond, most of all “{most}”",
    ),
    "sweep.pages_title_none": (
        "{total}项目标都没有明显反应",
        "None of {total} targets responds",
    ),
    "sweep.pages_subtitle": (
        "变化最大的{shown}项；格中数字为达标概率（%），颜色越深概率越高；粗框为基准",
        "The {shown} that change most; numbers: chance of being met (%), darker is higher; heavy "
        "frame: base run",
    ),
}
