"""Who, where and what happened: municipalities, organisation, people, sign-in, permissions, events, meters, files, jobs."""
