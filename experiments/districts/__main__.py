"""``python -m experiments.districts``."""

import sys

from experiments.districts.question import QUESTION

if __name__ == "__main__":
    sys.exit(QUESTION.main())
