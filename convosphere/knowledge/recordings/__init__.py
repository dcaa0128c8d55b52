"""Sound and films: cut up where no foreign file can do harm, written down by a model, kept with their times."""
