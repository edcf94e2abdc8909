"""The formats of exports, one file each; no reader knows another."""
