"""Services of quality: assess, learn, train, promote; one module each."""
