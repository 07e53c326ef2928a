"""What is asked for beside a run: each command that only reads, compares or rewrites, a file each."""
