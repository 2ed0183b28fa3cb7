"""The marking page: one question across all students, equal answers together, names hidden."""
