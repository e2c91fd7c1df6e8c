"""Who, where and what happened: municipalities, organisation, people, sign-in, events, meters, files, jobs."""
