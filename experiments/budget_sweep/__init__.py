"""How do the chances grow with money? ``python -m experiments.budget_sweep [overrides]``.

Simulates one scenario (``replications=400`` unless overridden) under several budgets, on the same
draws and streams, and tells which targets respond, where the next yuan buys most, and where returns
flatten. Any other number of the run can be turned instead, or two at once:

    python -m experiments.budget_sweep study.factors=[0,0.5,1,2]
    python -m experiments.budget_sweep study.key=planning.pace study.values=[0.2,0.35,0.5,1]
    python -m experiments.budget_sweep study.factors=[0.5,1,2] \\
        study.second_key=planning.pace study.second_values=[0.2,0.35,0.7]

Writes budget_sweep.csv, gains.csv, responses.csv and pictures; the same command again goes on where
it was interrupted.
"""
