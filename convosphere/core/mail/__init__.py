"""Mail to people, in their language, sent by a job."""
