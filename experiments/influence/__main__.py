"""``python -m experiments.influence``."""

import sys

from experiments.influence.question import QUESTION

sys.exit(QUESTION.main())
