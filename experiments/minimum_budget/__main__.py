"""``python -m experiments.minimum_budget``."""

import sys

from experiments.minimum_budget.question import QUESTION

if __name__ == "__main__":
    sys.exit(QUESTION.main())
