"""The process that foreign bytes are parsed in: a fresh interpreter with limits and no way out."""
