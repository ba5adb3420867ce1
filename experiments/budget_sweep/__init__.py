"""How do the chances grow with money? ``python -m experiments.budget_sweep [overrides]``."""
