"""Hidden checks: what is tried, how it is compared, what the student is told."""
