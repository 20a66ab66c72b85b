"""What make runs: the environment's pieces, serving, and the pictures of the documentation."""
