"""Who is behind, why, and against whom may it be measured? ``python -m experiments.districts``."""
