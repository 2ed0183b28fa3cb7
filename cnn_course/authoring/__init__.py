"""Builds the notebooks that students get from the texts that people edit, one way."""
