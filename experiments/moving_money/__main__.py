"""``python -m experiments.moving_money``."""

import sys

from experiments.moving_money.question import QUESTION

if __name__ == "__main__":
    sys.exit(QUESTION.main())
