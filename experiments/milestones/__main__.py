"""``python -m experiments.milestones``."""

import sys

from experiments.milestones.question import QUESTION

sys.exit(QUESTION.main())
