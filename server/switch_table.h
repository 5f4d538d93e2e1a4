/*
 * server/switch_table.h - the flags that are neither a setting nor a parameter of the sound.
 * Why:    they steer one run of the program and have no place in a configuration.
 * Reads:  X(identifier, flag, letter, argument, commands, sentence)
 *         letter: short flag or 0; argument: NULL when the flag stands alone.
 */
X(QUIET, "quiet", 'q', NULL, SCR_IN_GENERATE, "Say nothing but errors.")
X(JSON, "json", 0, NULL, SCR_IN_PRESETS | SCR_IN_CONFIG | SCR_IN_VERSION, "Print JSON.")
X(CONFIG, "config", 0, "FILE", SCR_IN_ALL, "Read settings from a YAML file.")
X(VERSION, "version", 0, NULL, SCR_IN_ALL, "Show the version.")
X(HELP, "help", 'h', NULL, SCR_IN_ALL, "Show this help.")
