"""What a resident starts: definitions, forms, the finder, applications, surveys."""
