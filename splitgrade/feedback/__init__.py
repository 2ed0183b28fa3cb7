"""Feedback pages that give no hidden test away."""
