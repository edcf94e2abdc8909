"""From exported files to one table of posts: `load` is the way in, one file of `formats` reads each format."""
