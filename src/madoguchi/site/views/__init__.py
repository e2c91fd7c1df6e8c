"""Pages that belong to no room: home, tour, about, errors."""
