"""``python -m experiments.dashboard``."""

import sys

from experiments.dashboard.question import QUESTION

if __name__ == "__main__":
    sys.exit(QUESTION.main())
