"""The command line: ``splitgrade grade``, ``feedback``, ``doctor``."""
