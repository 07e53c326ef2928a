"""The first half of every sub-project's task: what the service is today."""
