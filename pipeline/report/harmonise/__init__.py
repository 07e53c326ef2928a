"""The second half of every sub-project's task: from several municipalities to one."""
