"""Staff pages of messages to many (``/messages/``)."""
