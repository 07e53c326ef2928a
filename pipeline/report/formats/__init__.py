"""One Markdown to HTML, PDF, Word and slides."""
