"""What this course adds to nbgrader: preprocessors, the feedback page, an export that quotes."""
