"""`python -m tiktok_coach` is `tiktok-coach`."""

from tiktok_coach.cli import main

if __name__ == "__main__":
    main()
