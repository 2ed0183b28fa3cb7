"""Results for people: tables, a summary of the class, files for other systems."""
