"""The SQL of test cases and their runs; what they belong to was fetched before."""
