"""Which single constraint, if lifted, would gain most? ``python -m experiments.bottlenecks``."""
