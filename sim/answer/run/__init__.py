"""The answer of a run: with what probability each target is met, when, and what held it back."""
