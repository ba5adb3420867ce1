"""Which single constraint, if lifted, would gain most? ``python -m experiments.bottlenecks``.

Runs one scenario (``replications=400`` unless overridden) as it is, with each constraint lifted by
itself, and with all of them lifted, on the same draws and streams. Writes bottlenecks.csv (what
every relief gains for every target), binding.csv (which constraint binds each target, and whether
the delay ledger says the same), and pictures of the gains and of the number of targets met.

    python -m experiments.bottlenecks scenario=austerity
    python -m experiments.bottlenecks 'study.only=[money,crews]' replications=1000

What lifts a constraint is data: configs/study/bottlenecks.yaml.
"""
