"""What ``make bench`` runs: paired ratios within one run, event counts, memory, start-up."""
