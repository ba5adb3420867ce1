"""``python -m experiments.milestones``."""

import sys

from experiments.milestones.question import QUESTION

if __name__ == "__main__":
    sys.exit(QUESTION.main())
