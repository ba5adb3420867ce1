"""Which assumptions matter most? ``python -m experiments.influence [overrides]``.

Runs one scenario (``replications=2000`` unless overridden) and ranks the uncertain parameters by
their rank correlation with the number of the plan's targets met. Writes a study folder with
influence.csv; the same command again goes on where it was interrupted.
"""
