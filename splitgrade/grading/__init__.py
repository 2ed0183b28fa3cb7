"""A class graded: read the gradebook once, run submissions in workers, record each with one writer."""
