/*
 * server/command_table.h - every command of the program.
 * Why:    dispatch, help and shell completion read this table.
 * Reads:  X(identifier, name, function suffix, arguments, positionals at most, sentence)
 * Order:  of the help text.
 */
X(SERVE, "serve", serve, "", 0,
  "Serve screams over HTTP until a signal asks to stop.")
X(GENERATE, "generate", generate, "-o FILE", 0,
  "Write one scream to a file or a pipe, as Ogg Opus or WAV.")
X(PRESETS, "presets", presets, "", 0,
  "List the named sounds.")
X(CONFIG, "config", config, "", 0,
  "Show the effective configuration and where each value comes from.")
X(HEALTHCHECK, "healthcheck", healthcheck, "", 0,
  "Ask the server at the configured address whether it is ready.")
X(VERSION, "version", version, "", 0,
  "Show the version of the program and of its libraries.")
X(COMPLETION, "completion", completion, "bash|zsh|fish", 1,
  "Print a completion script for a shell.")
X(HELP, "help", help, "[COMMAND]", 1,
  "Explain the program or one command.")
