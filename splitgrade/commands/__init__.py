"""The command line: ``splitgrade grade``, ``watch``, ``feedback``, ``doctor``."""
