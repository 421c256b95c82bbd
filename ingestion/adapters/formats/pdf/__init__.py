"""PDF files as pages: rendered images, text layers and vector graphics."""
