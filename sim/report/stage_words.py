"""The words of stages and reasons: a part of the catalogue in ``words``."""

from __future__ import annotations

# Name and explanation, both in Chinese and English: stages of a project's life, in the order in
# which ties are settled (earlier first), then the reasons why a unit was never proposed, then why
# something else that the plan counts was not obtained.
STAGE_WORDS: dict[str, tuple[str, str, str, str]] = {
    "calendar": (
        "等窗口期", "calendar",
        "等待下一次申报窗口或解除停开", "waiting for a window, or for a closure to end",
    ),
    "review": ("评审", "review", "在评审排队、评审或退回修改", "queueing for or under review"),
    "money": ("等资金", "money", "资金未到位，合同或尾款在排队", "an instalment waits for cash"),
    "crew": ("等施工队", "crew", "片区内施工力量不足", "no building crew free in the zone"),
    "building": (
        "施工/筹备", "building or preparation",
        "超出常规时间", "beyond its usual time",
    ),
    "staff": (
        "等人员", "staff",
        "已经就绪，但缺少人员，不能开放", "ready, but no people to open it",
    ),
    "unproposed:pace": (
        "申报进度限制", "yearly pace",
        "未申报：超过每年可申报的比例", "not proposed: above the yearly pace",
    ),
    "unproposed:money_in_sight": (
        "预期资金不足", "money in sight",
        "未申报：可预见的资金不够", "not proposed: too little money in sight",
    ),
    "unproposed:not_yet_allowed": (
        "尚不可申报", "not yet open",
        "未申报：申报窗口未开放", "not proposed: no window was open",
    ),
    "unproposed:no_round": (
        "未组织申报", "no round",
        "未申报：当年未组织申报", "not proposed: the year's round was not held",
    ),
    "unmet:next_round": (
        "待下批命名", "next round",
        "建成太晚，赶不上末批命名", "opened too late for the last round",
    ),
    "unmet:not_planned": (
        "规划未涵盖", "not planned for",
        "规划按另一口径安排", "planning follows the other reading",
    ),
    "unmet:promoted": ("已晋级", "promoted", "晋级后不再计入本级", "named at the level above"),
    "unmet:no_round": (
        "未组织命名", "no round",
        "上年未完成年终考评，当批未命名", "no naming: last year's assessment was missed",
    ),
    "unmet:round_quota": (
        "批次名额", "round quota",
        "每批命名名额有限", "too few places per naming round",
    ),
    "unmet:eligibility": (
        "条件不符", "eligibility",
        "符合申报条件的单位不足", "too few units fit to apply",
    ),
    "unmet:panel": ("评审未通过", "panel", "申报未获命名", "applications turned down"),
    "unmet:strike_off": ("摘牌", "strike-off", "考核后被取消称号", "title lost at an assessment"),
    "unmet:unfunded_post": ("岗位无经费", "unfunded posts", "没有经费设岗", "no money for posts"),
    "unmet:no_candidate": (
        "无合适人选", "no candidates",
        "无人可任或无人报名", "nobody fit or willing",
    ),
    "unmet:no_graduate": ("学历不足", "degrees", "本科以上人数不足", "too few hold a degree"),
    "unmet:no_money": ("经费不足", "no money", "没有经费可用", "no money left for it"),
    "unmet:closed": ("场所关闭", "closed", "因关闭而取消", "called off because of a closure"),
    "unmet:slipped": ("错过时限", "slipped", "未在规定时间内完成", "not done in its time"),
    "unmet:no_people": ("人手不足", "too few people", "当日可用人员不足", "too few people free"),
    "unmet:not_yet_allowed": (
        "规划尚未印发", "before the plan",
        "日期早于规划印发", "due before the plan was issued",
    ),
    "unmet:not_scheduled": (
        "安排场次不足", "too few dates",
        "日程安排的次数不够", "fewer dates than the goal needs",
    ),
    "unmet:procedure": ("程序未完", "procedure", "各阶段耗时过长", "the stages take too long"),
    "unmet:seats": ("名额不足", "seats", "培训名额不足", "too few seats in courses"),
    "unmet:too_few_births": (
        "新设企业不足", "too few founded",
        "新设立的企业太少", "too few firms are founded",
    ),
    "unmet:exits": ("企业退出", "firms closed", "已有企业停业退出", "firms that were there closed"),
    "unmet:growth": ("增长不足", "growth", "企业规模增长不够", "firms stay too small"),
    "unmet:attrition": ("人员流失", "attrition", "离岗人数多于补充", "leavers not replaced"),
    "unmet:trend": ("趋势不足", "trend", "自然增长本身不够快", "the trend itself is too slow"),
    "unmet:exposure": (
        "接触减少", "fewer contacts",
        "公众参与科普的机会少于2015年", "people met science less than in 2015",
    ),
    "unmet:survey_error": (
        "抽样误差", "survey error",
        "真实值已达到，调查未测出", "true, but the survey missed it",
    ),
}  # fmt: skip
