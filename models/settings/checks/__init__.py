"""Checks across branches of the settings: contradicting policies, wrong economics."""
