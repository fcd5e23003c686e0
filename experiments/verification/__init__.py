"""Verification: the model against closed forms, identities and others' data, as one table (model 10).

A row is a function of a file named by its subject; `suite` knows them all, `running` runs them, `page` writes them.
"""
