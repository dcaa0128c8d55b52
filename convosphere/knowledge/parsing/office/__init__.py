"""Sheets, OpenDocument and RTF."""
