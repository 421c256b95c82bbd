"""Containers opened within the sandbox child: archives, mail, a PDF's attachments."""
