"""From the texts that people edit to the notebooks that students get, one way."""
