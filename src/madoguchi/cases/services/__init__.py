"""Writes of the cases room: each checks the policy, changes state and writes its event in one transaction."""
