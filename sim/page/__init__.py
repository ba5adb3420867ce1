"""One renderer a medium: each shows the blocks of an answer and knows no question."""
