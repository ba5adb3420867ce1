"""Which public budget suffices? ``python -m experiments.minimum_budget [overrides]``.

Looks for the smallest public budget with which each target is met with the wanted probability
(``study.probability=0.8``), all other settings of the scenario left as they are, and confirms what
it found with other random numbers. Writes minimum_budget.csv, curves.csv and two pictures.

    python -m experiments.minimum_budget study.probability=0.9 scenario=front_loaded
    python -m experiments.minimum_budget study.targets=[community_rooms,all:staff]
"""
