"""What images cost before models."""

from convosphere.llm.images import tokens_of


def test_an_image_counts_by_its_pixels() -> None:
    assert [tokens_of(750, 100), tokens_of(1, 1)] == [101, 1]
