"""The industry: firms that are founded, grow and close, and what public money does for them."""

from __future__ import annotations

from pydantic import Field

from sim.config.schema.base import Identifier, MonthDay, ParameterName, Section


class Industry(Section):
    """How the firms of the industry live, and what helps them.

    *Core* firms are those whose main business it is; *side* firms have some such business. The
    broad reading counts both.
    """

    group: Identifier = Field(description="programme group whose purses support firms")
    incubators: Identifier | None = Field(
        default=None, description="programme whose open units bring and shelter firms"
    )
    rd_centres: Identifier | None = Field(
        default=None, description="programme whose open units raise the growth of firms"
    )
    core_firms: ParameterName = Field(description="core firms at the start")
    core_output: ParameterName = Field(description="their yearly output at the start, yuan")
    side_firms: ParameterName = Field(description="side firms at the start")
    side_output: ParameterName = Field(
        description="the yearly output of their side business at the start, yuan"
    )
    size_spread: ParameterName = Field(
        description="standard deviation of the logarithm of firms' output"
    )
    founding_rate: ParameterName = Field(
        description="firms that found themselves, a year and firm of the start"
    )
    entry_output: ParameterName = Field(
        description="mean yearly output of a new firm, yuan at first-year prices"
    )
    exit_rate: ParameterName = Field(description="share of the firms that close in a year")
    growth: ParameterName = Field(description="mean yearly growth of a firm's output, nominal")
    growth_spread: ParameterName = Field(
        description="standard deviation of the logarithm of a firm's yearly growth"
    )
    incubator_births: ParameterName = Field(description="firms an incubator brings a year")
    incubation_years: ParameterName = Field(description="years that a firm stays in an incubator")
    incubator_exit_factor: ParameterName = Field(
        description="factor on the exit hazard of a firm in an incubator"
    )
    rd_centre_growth: ParameterName = Field(
        description="what one R&D centre adds to the yearly growth of every firm"
    )
    support_day: MonthDay = Field(description="day of the year on which firms are supported")
    support_share: ParameterName = Field(
        description="share of the uncommitted money of the group's purses that is paid to firms"
    )
    support_cost: ParameterName = Field(
        description="support for one firm, yuan at first-year prices"
    )
    support_births: ParameterName = Field(
        description="firms founded in the following year for every firm supported"
    )
    helped_core_share: ParameterName = Field(
        description="core firms among those that incubators and support bring"
    )

    @property
    def envelopes(self) -> frozenset[str]:
        """The group that supports firms."""
        return frozenset((self.group,))
