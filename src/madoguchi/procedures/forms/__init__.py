"""Forms of the procedures room: what pages take in and how it is read."""
