"""
Sending: who gets a message by which way (``fan_out``), and the outbox that loses nothing and sends nothing twice.

A message is fanned out by the database itself, in statements whose cost does not grow with the program. What is due is
claimed in batches, rendered, handed to its channel and marked; a process that dies in between is noticed, and what it had
claimed is asked of the channel before it is tried again.
"""

from .delivering import deliver_due, expire_deliveries
from .fan_out import fan_out
from .messages import fall_back_in_time, finish_messages, queue_message, send_at_once, start_due_messages, start_message
from .recovery import recover

__all__ = [
    "deliver_due",
    "expire_deliveries",
    "fall_back_in_time",
    "fan_out",
    "finish_messages",
    "queue_message",
    "recover",
    "send_at_once",
    "start_due_messages",
    "start_message",
]
