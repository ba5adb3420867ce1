"""Charts of questions that are still drawn by hand."""
