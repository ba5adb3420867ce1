"""Which assumptions matter most? ``python -m experiments.influence [overrides]``."""
