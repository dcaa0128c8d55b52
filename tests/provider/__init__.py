"""A provider of models for tests and benchmarks: speaks OpenAI's interface, and fails on request.

Start it with `python -m tests.provider --port 0`, or in a thread with `fixtures.start_provider`.
"""
