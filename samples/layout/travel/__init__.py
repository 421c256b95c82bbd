"""Templates of travel documents: a passport data page and an identity card of Utopia."""
