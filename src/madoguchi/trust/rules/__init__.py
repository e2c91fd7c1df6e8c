"""Pure rules of the trust room: digests and seals, findings, recognising file types, retention, meters."""
