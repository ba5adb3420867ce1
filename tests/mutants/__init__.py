"""Mutation testing: is there a test that knows each rule? ``python -m tests.mutants --help``."""
