"""How much of the gain in literacy does money buy? ``python -m experiments.literacy_effect``.

Runs one scenario (``replications=400`` unless overridden) with its budget and without any, public
or social, on the same draws and streams. Writes literacy_effect.csv: the true gain at the deadline
with and without the budget, and their difference, which chance and the trend do not enter.
"""
