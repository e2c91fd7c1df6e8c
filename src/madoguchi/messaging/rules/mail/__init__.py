"""Mail without Django: addresses, headers, MIME, return paths, replies of servers, signatures, reports that come back."""
