"""The process that opens recordings: confined, alive for one file, answering with sound alone."""
