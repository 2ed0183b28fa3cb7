"""The IPython shell that both processes of a notebook run cells in. Visible to students' code."""
