"""Vectors of texts, by a provider or by a local ONNX model."""
