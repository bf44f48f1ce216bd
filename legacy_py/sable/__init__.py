"""SableManagementServer: a replicated server that moves endpoints between storage hosts."""
