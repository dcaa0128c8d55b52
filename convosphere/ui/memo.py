"""Parts of a page that are drawn anew only when what they are given says something else."""

import reflex as rx
from reflex.vars import FunctionStringVar, VarData
from reflex_base.utils.imports import ImportVar

_MODULE = "$/public/memo.js"

memo_by_content = rx.memo(
    wrapper=FunctionStringVar.create(
        "memoByContent", _var_data=VarData(imports={_MODULE: [ImportVar(tag="memoByContent")]})
    )
)
"""Decorates a function of vars that gives a component. What it reads of a State draws it anew as well."""
