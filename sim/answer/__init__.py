"""What an answer is made of: rows and findings of targets, and the blocks that media show."""
