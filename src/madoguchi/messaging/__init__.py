"""Messages: the right word to the right person by the right way, and to everybody in an emergency."""
