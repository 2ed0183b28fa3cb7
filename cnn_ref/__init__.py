"""The right answers: reference operations of convolutional networks in NumPy."""
