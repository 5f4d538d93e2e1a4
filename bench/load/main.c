/*
 * bench/load/main.c - the load client of the bench.
 * Why:    it shares the cores with the server it measures, so it is one thread of C that does
 *         little per request, and says how much CPU time it took itself.
 * Flow:   options -> one run -> one line of JSON. Exit 64: what was typed makes no sense; 69: it
 *         could not start.
 */
#include <stdio.h>
#include <string.h>

#include "bench/load/load.h"
#include "bench/load/options.h"

#define EXIT_USAGE 64
#define EXIT_UNAVAILABLE 69

static void run(struct load *load)
{
    if (load->options->play_s > 0) {
        load_listen(load);
    } else {
        load_measure(load);
        if (load->options->rate > 0) {
            load_open(load);
        } else {
            load_closed(load);
        }
        load_measured(load);
    }
    load_report(load);
    (void)fflush(stdout);
    load_hold(load);
}

int main(int count, char *words[])
{
    struct options options;
    struct load load;
    if (count == 2 && strcmp(words[1], "--help") == 0) {
        options_help(stdout);
        return 0;
    }
    if (!options_read(&options, count, words)) {
        return EXIT_USAGE;
    }
    int status = EXIT_UNAVAILABLE;
    if (load_init(&load, &options)) {
        run(&load);
        status = 0;
    }
    load_deinit(&load);
    return status;
}
