"""``python -m experiments.budget_sweep``."""

import sys

from experiments.budget_sweep.question import QUESTION

if __name__ == "__main__":
    sys.exit(QUESTION.main())
