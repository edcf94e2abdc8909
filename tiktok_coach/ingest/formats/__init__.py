"""One file per export format; each names its reader READER and is found by being here."""
