"""The way in: who is in the class, until when, and what was handed in through other systems."""
