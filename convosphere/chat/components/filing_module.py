"""The parts of keeping conversations that live in the browser, see `assets/filing.js`."""

import reflex as rx
from reflex.vars import FunctionStringVar, VarData
from reflex_base.utils.imports import ImportVar

MODULE = "$/public/filing.js"


def _on_file(ids: rx.Var[list[str]], folder: rx.Var[str]) -> tuple[rx.Var[list[str]], rx.Var[str]]:
    return (ids, folder)


def _on_nest(folder: rx.Var[str], parent: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    return (folder, parent)


def _on_archive(ids: rx.Var[list[str]], is_archived: rx.Var[bool]) -> tuple[rx.Var[list[str]], rx.Var[bool]]:
    return (ids, is_archived)


def _on_ids(ids: rx.Var[list[str]]) -> tuple[rx.Var[list[str]]]:
    return (ids,)


class ConversationLine(rx.Component):
    """A line of the list that is dragged and selected."""

    library = MODULE
    tag = "ConversationLine"
    conversation: rx.Var[str]
    is_current: rx.Var[bool]
    is_streaming: rx.Var[bool]
    is_unread: rx.Var[bool]
    select_label: rx.Var[str]


class DropZone(rx.Component):
    """Takes conversations and folders that are dropped."""

    library = MODULE
    tag = "DropZone"
    folder: rx.Var[str]
    accepts: rx.Var[bool]
    on_file: rx.EventHandler[_on_file]
    on_nest: rx.EventHandler[_on_nest]


class FolderLine(rx.Component):
    """A folder in the tree, with what it shows as children."""

    library = MODULE
    tag = "FolderLine"
    folder: rx.Var[str]
    above: rx.Var[list[str]]
    depth: rx.Var[int]
    has_inner: rx.Var[bool]
    can_use: rx.Var[bool]
    can_manage: rx.Var[bool]
    fold_label: rx.Var[str]
    on_file: rx.EventHandler[_on_file]
    on_nest: rx.EventHandler[_on_nest]


class SelectionBar(rx.Component):
    """What can be done with all that is selected; children are further acts."""

    library = MODULE
    tag = "SelectionBar"
    labels: rx.Var[dict[str, str]]
    is_archive: rx.Var[bool]
    shelf: rx.Var[str]
    on_archive: rx.EventHandler[_on_archive]
    on_tag: rx.EventHandler[_on_ids]
    on_move: rx.EventHandler[_on_ids]
    on_delete: rx.EventHandler[_on_ids]


def select(conversation_id: rx.Var[str]) -> FunctionStringVar:
    """Event that begins to select with a conversation."""
    data = VarData(imports={MODULE: [ImportVar(tag="select")]})
    return FunctionStringVar.create("select", _var_data=data).partial(conversation_id)  # pyright: ignore[reportReturnType]
