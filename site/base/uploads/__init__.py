"""Files that people bring: told by their content, within limits, and without what a camera writes about its owner."""
