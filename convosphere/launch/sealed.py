"""All secrets that are stored sealed: what the packages declare, collected for the processes and the commands."""

from convosphere.identity.sealed import SEALED_COLUMNS as IDENTITY_COLUMNS
from convosphere.knowledge.sources.sealed import SEALED_COLUMNS as SOURCE_COLUMNS
from convosphere.llm.sealed import SEALED_COLUMNS as MODEL_COLUMNS

SEALED_COLUMNS = (*IDENTITY_COLUMNS, *MODEL_COLUMNS, *SOURCE_COLUMNS)
