"""``python -m experiments.literacy_effect``."""

import sys

from experiments.literacy_effect.question import QUESTION

sys.exit(QUESTION.main())
