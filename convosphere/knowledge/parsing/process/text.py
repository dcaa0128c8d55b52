"""`python -m convosphere.knowledge.parsing.process.text`: reads text and Markdown."""

from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.parsing.plain.markdown import read_markdown
from convosphere.knowledge.parsing.plain.text import read_text
from convosphere.knowledge.parsing.process.serving import serve

# Many small files by parsers in Python alone: a fork for each would cost thrice what reading costs.
_FILES_PER_READER = 25

if __name__ == "__main__":
    serve({DocumentType.TEXT: read_text, DocumentType.MARKDOWN: read_markdown}, _FILES_PER_READER)
