"""Read models of quality: the models page, and the scores and issues on document pages."""
