"""Holds posts against rules written as data: load, compile, evaluate, score."""
