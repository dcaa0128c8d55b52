"""Use cases of those who manage models: providers, what is offered of them, to whom, and at which price."""
