"""Each check's examples, beside it: small documents with the verdict they must get."""
