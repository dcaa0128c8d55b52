"""The SQL of documents. Every statement of `documents` shows or touches only what the actor may."""
