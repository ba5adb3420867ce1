"""What does one scenario change? ``python -m experiments.compare_scenarios [overrides]``.

Compares scenarios with the first of them, the reference, on common random numbers:

    python -m experiments.compare_scenarios 'study.scenarios=[baseline,epidemic_2020]'

or runs that are finished, without simulating anything but the first few histories, whose event logs
say on which day the scenarios part:

    python -m experiments.compare_scenarios 'study.runs=[outputs/one,outputs/other]'

Writes a study folder with compare_scenarios.csv (every row of the answer: both chances, both means,
and their differences with intervals), differences.csv (the settings that differ),
first_difference.csv, scenarios.csv and pictures of each scenario.
"""
