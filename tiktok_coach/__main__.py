"""`python -m tiktok_coach` is `tiktok-coach`."""

from tiktok_coach.cli import main

main()
