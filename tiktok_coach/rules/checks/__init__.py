"""The kinds of check: one vectorised function a file, each naming itself KIND. A file here is a kind of check."""
