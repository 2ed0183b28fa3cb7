"""What can go wrong with the sandbox itself."""


class SandboxError(RuntimeError):
    """The sandbox could not do what was asked."""


class SandboxUnavailableError(SandboxError):
    """Raised where a machine offers too little to run untrusted code."""
