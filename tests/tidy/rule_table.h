/*
 * tests/tidy/rule_table.h - every rule the tidy program knows.
 * Reads:  X(identifier, name of the folder in tests/tidy/bad, sentence)
 */
X(INCLUDE_PLAN, "include-plan", "the floor plan does not allow this include:")
X(INCLUDE_ROOT, "include-root", "include paths start at the root of the repository:")
X(FOREIGN_HEADER, "foreign-header", "this header belongs to another room:")
X(BANNED_CALL, "banned-call", "called outside its one home:")
X(HEAD_COMMENT, "head-comment", "a file opens with a comment whose first line is:")
X(FILE_LENGTH, "file-length", "a file has at most 500 lines; this one has")
X(FUNCTION_LENGTH, "function-length", "a function has at most 70 lines; this one has")
X(LINE_LENGTH, "line-length", "a line has at most 100 columns; this one has")
X(TYPEDEF, "typedef", "only function pointers are typedefs, and end in _fn (and core/dsp/vector.h)")
X(MIRROR, "mirror", "this file has no mirror test:")
X(MIRROR_STALE, "mirror-stale", "the exception in mirror_table.h is no longer needed")
X(LEFT_OVER, "left-over", "work is finished or an issue, never a note in a file:")
X(MACHINE_PATH, "machine-path", "an absolute path of one machine:")
X(PRIVATE_PATH, "private-path", "documentation names what users do not have:")
X(MISSING_FILE, "missing-file", "the repository needs this file")
