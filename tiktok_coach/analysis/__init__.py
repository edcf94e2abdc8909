"""What a user asks, settled once before a study begins: config, options, rules, inputs. Nothing here knows which study
it is.
"""
