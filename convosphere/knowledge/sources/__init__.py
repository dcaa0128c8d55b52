"""Sources that documents come from by themselves: web sites, feeds, directories, stores and mailboxes."""
