"""DOCX and HTML by unstructured, the one place that imports it.

unstructured tells sentences apart by spaCy and a model that it downloads at first use, and reports each run to its
maker. Importing this package puts a tokenizer of ours in the place of that module and switches the reports off, and it
always comes before the modules inside, which import unstructured. A test guards both.
"""

import os
import sys

from convosphere.knowledge.parsing.markup import tokenizer

for _switch in ("DO_NOT_TRACK", "SCARF_NO_ANALYTICS", "UNSTRUCTURED_DISABLE_NOTICE"):
    os.environ[_switch] = "1"
sys.modules["unstructured.nlp.tokenize"] = tokenizer
