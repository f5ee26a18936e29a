"""What staff say is wrong about the steps of a process, and its answers."""
