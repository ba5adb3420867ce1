"""What does one scenario change? ``python -m experiments.compare_scenarios [overrides]``."""
