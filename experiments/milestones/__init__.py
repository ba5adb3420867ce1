"""By when must how much stand, or is the target lost? ``python -m experiments.milestones``.

Runs one scenario or several (``replications=400`` unless overridden) and says for every target
which value at the end of a year leaves a chance of success below 50 % and below 20 %: tripwires for
the mid-year meeting. Writes milestones.csv and milestones_paths.csv.

    python -m experiments.milestones
    python -m experiments.milestones 'study.scenarios=[baseline,austerity]' replications=1000
    python -m experiments.milestones 'study.levels=[0.8,0.5]'
"""
