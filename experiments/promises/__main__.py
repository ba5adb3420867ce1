"""``python -m experiments.promises``."""

import sys

from experiments.promises.question import QUESTION

if __name__ == "__main__":
    sys.exit(QUESTION.main())
