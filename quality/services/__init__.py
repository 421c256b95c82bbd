"""What quality does with documents: assess, learn, train, promote; one verb a file."""
