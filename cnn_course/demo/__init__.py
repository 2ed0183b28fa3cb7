"""The demo class: sixteen students as recipes, handed in and graded."""
