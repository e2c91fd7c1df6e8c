"""Rules of the procedures room: pure, no Django."""
