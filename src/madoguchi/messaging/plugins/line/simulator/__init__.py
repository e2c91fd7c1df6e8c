"""
LINE as a process of its own on loopback: Messaging API, signed webhooks, and what each friend's phone would show.

It keeps to the published interface and misbehaves on request. For the demonstration and for tests; nobody is written to.
"""
