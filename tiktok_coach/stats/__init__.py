"""What works for an account: its own results held against tips, times, trials and the tool's own numbers. Tables in, tables out."""
