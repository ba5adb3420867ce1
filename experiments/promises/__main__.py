"""``python -m experiments.promises``."""

import sys

from experiments.promises.question import QUESTION

sys.exit(QUESTION.main())
