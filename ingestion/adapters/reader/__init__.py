"""Page reader: sends untrusted bytes to a sandboxed child process and checks its results."""
