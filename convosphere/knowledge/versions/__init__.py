"""What versions of a document differ in, and how they are shown."""
