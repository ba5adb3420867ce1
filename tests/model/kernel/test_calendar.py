"""The calendar: which day belongs to which year, and what of a year is still to come."""

from __future__ import annotations

import calendar as civil
import datetime as dt

import pytest

from sim.config.schema import Run
from sim.model.kernel.calendar import Calendar

YEARS = [2016, 2017, 2018, 2019, 2020]


@pytest.fixture(scope="module")
def calendar(real_run: Run) -> Calendar:
    return Calendar(real_run.plan)


def test_the_horizon_is_five_years_to_the_last_day(calendar: Calendar) -> None:
    assert calendar.day(dt.date(2016, 1, 1)) == 0
    assert calendar.horizon == 366 + 365 + 365 + 365 + 366 - 1  # two leap years, from day 0
    assert calendar.date(calendar.horizon) == dt.date(2020, 12, 31)
    assert calendar.years == YEARS


@pytest.mark.parametrize("year", YEARS)
def test_a_year_lasts_from_new_years_day_to_the_last_of_december(
    calendar: Calendar, year: int
) -> None:
    first, last = calendar.day(dt.date(year, 1, 1)), calendar.day(dt.date(year, 12, 31))
    assert [calendar.year_index(day) for day in (first, last)] == [year - 2016] * 2
    assert calendar.year_ends[year - 2016] == last


@pytest.mark.parametrize("year", YEARS)
def test_months_end_on_the_day_before_the_first(calendar: Calendar, year: int) -> None:
    own = calendar.month_ends[12 * (year - 2016) :][:12]
    assert [month for _, month in own] == list(range(1, 13))
    for day, month in own:
        assert calendar.date(day) == dt.date(year, month, civil.monthrange(year, month)[1])


def test_quarters_end_with_march_june_september_and_december(calendar: Calendar) -> None:
    ends = [(date.month, date.day) for date in map(calendar.date, calendar.quarter_ends)]
    assert ends == [(3, 31), (6, 30), (9, 30), (12, 31)] * 5


def test_a_release_of_today_is_no_longer_to_come(calendar: Calendar) -> None:
    """It is in the purse: whoever counted it as announced too would count it twice."""
    assert [len(days) for days in calendar.releases] == [4] * 5
    for year, days in enumerate(calendar.releases):
        for quarter, day in enumerate(days):
            assert calendar.releases_after(day - 1, year) == list(range(quarter, 4))
            assert calendar.releases_after(day, year) == list(range(quarter + 1, 4))


def test_windows_are_every_year_and_once_more_for_new_programmes(calendar: Calendar) -> None:
    days = [(calendar.date(day), year) for day, year in calendar.windows]
    assert days == sorted(days)
    assert [year for _, year in days] == [0, 0, 1, 2, 3, 4]
    assert calendar.first_window == calendar.windows[1][0]
