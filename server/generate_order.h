/*
 * server/generate_order.h - what `scream generate` was asked for: parameters and format.
 * Why:    apart from writing, so that every mistake is found before a file is touched.
 */
#ifndef SCR_SERVER_GENERATE_ORDER_H
#define SCR_SERVER_GENERATE_ORDER_H

#include "core/base/text.h"
#include "core/job/key.h"
#include "core/synth/params.h"
#include "server/command.h"
#include "server/exit_code.h"

struct scr_generate_order {
    struct scr_order order;
    struct scr_params params;
    enum scr_format format;
    const char *path; /* "-": standard output */
    bool is_fresh;    /* the seed was drawn */
};

/**
 * Reads settings and parameter flags; draws a seed where none is named.
 * out     sentence  what is wrong; written only when not SCR_EXIT_OK
 * returns SCR_EXIT_OK, SCR_EXIT_USAGE (a flag is wrong), SCR_EXIT_CONFIG (a variable or the file)
 */
enum scr_exit scr_generate_order_read(const struct scr_command_call *call,
                                      struct scr_generate_order *order,
                                      struct scr_text *sentence);

/**
 * The format a path asks for by its extension: .ogg, .oga, .opus; .wav, .wave; any case.
 * returns false when the name says nothing
 */
bool scr_format_of_path(const char *path, enum scr_format *format);

#endif
