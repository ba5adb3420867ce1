"""``python -m experiments.literacy_effect``."""

import sys

from experiments.literacy_effect.question import QUESTION

if __name__ == "__main__":
    sys.exit(QUESTION.main())
