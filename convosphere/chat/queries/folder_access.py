"""Who may do what with a folder of conversations, inside the SQL of whoever fetches it, of the table `f`.

What is granted of a folder, or denied, reaches all folders within it. The texts take `:account_id`.
"""

from typing import Final

from convosphere.chat.folders import OBJECT_TYPE
from convosphere.identity.grants import access_text

MAY_VIEW_FOLDER: Final = access_text(OBJECT_TYPE, "ANY (f.path)", "f.owner_id", "view")
MAY_USE_FOLDER: Final = access_text(OBJECT_TYPE, "ANY (f.path)", "f.owner_id", "use")
MAY_EDIT_FOLDER: Final = access_text(OBJECT_TYPE, "ANY (f.path)", "f.owner_id", "edit")
MAY_MANAGE_FOLDER: Final = access_text(OBJECT_TYPE, "ANY (f.path)", "f.owner_id", "manage")

FOLDERS_ABOVE: Final = f"""(
    SELECT jsonb_agg(jsonb_build_object(
        'name', a.name, 'instructions', a.instructions, 'document_ids', a.document_ids
    ) ORDER BY cardinality(a.path))
    FROM conversation_folder AS f JOIN conversation_folder AS a ON a.id = ANY (f.path)
    WHERE f.id = c.folder_id AND {MAY_USE_FOLDER}
)"""  # noqa: S608  # Of constants.
"""What is said by the folder of the conversation `c` and by those around it, if the actor may use it; else NULL."""
