"""What the procedures room offers to the rooms below: subjects of cases, receivables and documents, service tasks."""
