"""The rules of trying: `trying` for one answer, `cases` for what is expected, `runs` and `running` for batches."""
