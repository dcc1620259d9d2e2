"""A second pair of eyes before a page is public: the workflow, its notices by mail, and the screen of whoever approves."""
