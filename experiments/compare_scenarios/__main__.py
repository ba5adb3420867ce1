"""``python -m experiments.compare_scenarios``."""

import sys

from experiments.compare_scenarios.question import QUESTION

if __name__ == "__main__":
    sys.exit(QUESTION.main())
