"""The page reader: sends foreign bytes to a sandboxed child process and checks what comes back."""
