"""What every domain stands on: settings, database, unit of work, actors, jobs, events and words."""
