"""Alembic runs this file to apply migrations over the connection the store hands it."""

from alembic import context

from outreach.store.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
