"""Containers opened within the child: archives, mail, a PDF's attachments."""
