"""
A payment provider that does not exist, as a process of its own on loopback: hosted page, interface, webhooks, daily files.

It behaves like a real one and misbehaves on request. For the demonstration and for tests; it moves no money.
"""
