"""The e-mail channel: any SMTP server, mails written by hand, and a journal that knows what a killed worker had sent."""
