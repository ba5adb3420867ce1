"""What a command is: what it says and to whom, how it is interrupted, and how it ends."""
