"""What does money moved between groups gain and lose? ``python -m experiments.moving_money``."""
