"""``python -m experiments.influence``."""

import sys

from experiments.influence.question import QUESTION

if __name__ == "__main__":
    sys.exit(QUESTION.main())
