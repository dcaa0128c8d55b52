"""The pages of administration."""

import reflex as rx

from convosphere.admin.components.frame import admin_frame


def people_page() -> rx.Component:
    """Everybody in the workspace."""
    return admin_frame()


def person_page() -> rx.Component:
    """One person."""
    return admin_frame()


def groups_page() -> rx.Component:
    """All groups."""
    return admin_frame()


def roles_page() -> rx.Component:
    """All roles and what they allow."""
    return admin_frame()


def audit_page() -> rx.Component:
    """What happened."""
    return admin_frame()
