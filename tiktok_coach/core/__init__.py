"""What a post is: the schema of the posts table, captions, the account, trends; and errors, notices and translation."""
