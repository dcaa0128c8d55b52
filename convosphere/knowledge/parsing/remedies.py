"""What an administrator types on the server where something is missing; in no language."""

from typing import Final

OCR_REMEDY: Final = "apt install tesseract-ocr tesseract-ocr-deu"
