"""What Reflex is told when it compiles and serves the pages; everything else is in `convosphere.core.settings`."""

import reflex as rx

from convosphere.ui.theme import theme_plugin

config = rx.Config(
    app_name="convosphere",
    app_module_import="convosphere.convosphere",
    cors_allowed_origins=[],  # No page of another origin may read answers; sockets are checked by launch.gateway.
    telemetry_enabled=False,
    show_built_with_reflex=False,
    frontend_compression_formats=[],  # convosphere.launch compresses, after it has made the addresses relative.
    plugins=[theme_plugin()],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
