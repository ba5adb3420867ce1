"""What could honestly be promised? ``python -m experiments.promises [study.SETTING=...]``."""
