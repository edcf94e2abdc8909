"""Many readings of the same posts as one table: find the rows of each post, choose between their facts."""
