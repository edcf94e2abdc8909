"""A pack of one rule, for fleets."""

PACK = """
group: house
title: Rules of the house
source: {{name: "our own style guide", as_of: 2026-01}}
rules:
  - code: H101
    name: names-the-shop
    title: "Captions do not name the shop"
    do: "Name the shop in the caption"
    check: pattern
    field: caption
    params: {{pattern: "(?i)mybakery"}}
    severity: {severity}
    weight: 1
    message: "the caption does not name the shop"
    passed: "the caption names the shop"
    why: "People look for the shop by its name."
    fix: "Name the shop."
    sources: [{{claim: "every caption names the shop", name: "our own style guide", as_of: 2026-01}}]
    examples:
      pass: [{{caption: "Rye at mybakery"}}]
      fail: [{{caption: "Rye"}}]
      unknown: [{{}}]
"""
