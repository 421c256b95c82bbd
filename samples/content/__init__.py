"""What a document says, before anybody decides where it stands on the page."""
