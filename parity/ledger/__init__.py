"""The ledger of a migration: what replaces what, and how far each unit has come."""
