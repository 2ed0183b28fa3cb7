"""The machinery of the course; it knows nothing of convolutional networks."""
