"""Planning questions, one short script each: configuration in, a folder with the answer out."""
