"""What could honestly be promised? ``python -m experiments.promises [study.SETTING=...]``.

Runs several scenarios (``replications=400`` unless overridden) and says for every target which
value is reached with 50, 80 and 95 %, beside what the plan asks for. Writes promises.csv.

    python -m experiments.promises
    python -m experiments.promises 'study.scenarios=[baseline,"double planning.pace=0.5"]'
    python -m experiments.promises 'study.confidence=[0.75,0.9]' replications=1000
"""
