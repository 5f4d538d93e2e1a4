/*
 * api/route_table.h - every address of the program.
 * Why:    dispatch, Allow, the route label of metrics and the check of openapi.yaml read it.
 * Reads:  X(identifier, path, methods, side, handler, operation)
 *         path: exact, or with one last segment in braces; methods: READ is GET, HEAD and OPTIONS;
 *         side: PUBLIC, or ADMIN: with an admin port, answered there and nowhere else;
 *         handler: handlers.h; operation: operationId of GET in openapi.yaml.
 * Order:  the series of metrics follow it: append.
 */
X(SCREAM_OGG, "/scream.ogg", READ, PUBLIC, scr_handle_scream_ogg, "getScreamOgg")
X(SCREAM_WAV, "/scream.wav", READ, PUBLIC, scr_handle_scream_wav, "getScreamWav")
X(SCREAM, "/scream", READ, PUBLIC, scr_handle_scream, "getScream")
X(PRESETS, "/presets", READ, PUBLIC, scr_handle_presets, "listPresets")
X(PARAMETERS, "/parameters", READ, PUBLIC, scr_handle_parameters, "listParameters")
X(OPENAPI, "/openapi.yaml", READ, PUBLIC, scr_handle_openapi, "getOpenapi")
X(VERSION, "/version", READ, PUBLIC, scr_handle_version, "getVersion")
X(PROBLEM, "/problems/{name}", READ, PUBLIC, scr_handle_problem, "getProblem")
X(LIVEZ, "/livez", READ, ADMIN, scr_handle_livez, "getLivez")
X(READYZ, "/readyz", READ, ADMIN, scr_handle_readyz, "getReadyz")
X(STARTUPZ, "/startupz", READ, ADMIN, scr_handle_startupz, "getStartupz")
X(METRICS, "/metrics", READ, ADMIN, scr_handle_metrics, "getMetrics")
