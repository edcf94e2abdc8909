"""Tools for assistants, by the Model Context Protocol: questions on the exports of one folder, and nothing outside it.

`folder` keeps to the folder, `workspace` reads it once, each file of tools has the arguments, the answer and the
question of some tools, and `server` serves them. Texts that people wrote are quoted (`quoting`) and never instructions.
"""
