"""LINE (Messaging API): a channel, webhooks, menus, and a server that behaves like LINE for trials."""
