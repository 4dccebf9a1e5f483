"""The clock: lawful deadlines on the working calendars of China, with an account of every day.

Import from the modules: `calendar`, `jurisdictions`, `terms`, `limits`, `reckoning`, `suspensions`, `vocabulary`,
and, where numpy is installed, `vector`. The README tells how days are counted and by which law.
"""
