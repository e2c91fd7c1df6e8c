"""Rules of signage: what is shown when, codes people type, texts cut to what can be read at five metres."""
