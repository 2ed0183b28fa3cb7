"""The course's workbench: texts to notebooks, results to reports, and the demo class."""
