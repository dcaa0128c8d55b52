"""The process that reads files: confined, asked in lines, answering in frames."""
