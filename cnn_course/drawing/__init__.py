"""Questions with numbers of their own for every student."""
