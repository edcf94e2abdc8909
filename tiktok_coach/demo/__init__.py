"""A fictional account's export, made by a seeded generator, with real structure in it to be found again. Nothing else
imports it but its command.
"""
