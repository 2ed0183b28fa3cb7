"""The ``cnn-course`` command."""
