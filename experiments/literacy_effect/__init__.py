"""How much of the gain in literacy does money buy? ``python -m experiments.literacy_effect``."""
