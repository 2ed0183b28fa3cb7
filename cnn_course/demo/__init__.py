"""The demo class: sixteen students as recipes, graded before your eyes."""
