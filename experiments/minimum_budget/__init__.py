"""Which public budget suffices? ``python -m experiments.minimum_budget [overrides]``."""
