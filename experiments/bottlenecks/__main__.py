"""``python -m experiments.bottlenecks``."""

import sys

from experiments.bottlenecks.question import QUESTION

if __name__ == "__main__":
    sys.exit(QUESTION.main())
