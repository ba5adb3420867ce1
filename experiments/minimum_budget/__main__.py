"""``python -m experiments.minimum_budget``."""

import sys

from experiments.minimum_budget.question import QUESTION

sys.exit(QUESTION.main())
