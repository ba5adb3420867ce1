"""By when must how much stand, or is the target lost? ``python -m experiments.milestones``."""
