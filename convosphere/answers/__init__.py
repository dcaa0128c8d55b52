"""The reply loop: finds passages, puts them before a model, streams. It knows no conversation and no assistant."""
