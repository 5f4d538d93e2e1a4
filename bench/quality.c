/*
 * bench/quality.c - what the encoder we ship sounds like beside a plain service's, in figures.
 * Why:    fast is easy when nobody listens. Complexity 0 and one channel must not be heard: at an
 *         equal or lower bit rate nothing here may be worse than stereo, complexity 9, 64 kbit/s.
 * Method: all presets, both finishes, several seeds, 3 s each; the same sound over each road in
 *         turn. The measures are those of tests/support/quality.h, where they are explained.
 * Prints: a line of JSON for each road, its values sound by sound in the same order on every line:
 *         {"road":NAME,"shipped":BOOL,"bitrate":B,"ns_per_packet":[..],"noise_to_mask_db":[..],
 *         "log_spectral_db":[..],"excitation_db":[..]}; the first line names the sounds:
 *         {"sounds":["classic smooth 0",..]}
 * Use:    bench_quality [--seeds N] [--table]      --table adds other bit rates and
 *         settings that are not shipped
 */
#include <opus/opus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/codec/opus_encoder.h"
#include "tests/support/quality_guard.h"

enum {
    ROADS_MAX = 40,
    SEEDS = 3,
    EXIT_USAGE = 64
};

static struct guard_road roads[ROADS_MAX];
static size_t road_count;
static struct guard_sample samples[GUARD_CELLS * GUARD_SEEDS_MAX * ROADS_MAX];

static void add(struct guard_road road)
{
    if (road_count == ROADS_MAX) {
        abort();
    }
    roads[road_count] = road;
    road_count += 1;
}

/* What the guard is about, and the default bit rate. */
static void add_guard(void)
{
    add(guard_reference());
    add(guard_shipped("shipped, 64 kbit/s", 64000));
    add(guard_shipped("shipped, 96 kbit/s", SCR_BITRATE_DEFAULT));
}

static void add_settings(const char *name, struct opus_settings settings)
{
    add((struct guard_road){.name = name, .settings = settings});
}

/* Each complexity without and with the bits moved to low bands. */
static void add_complexities(void)
{
    static char names[2 * 11][64];
    for (int i = 0; i < 2 * 11; i += 1) {
        struct opus_settings settings = opus_settings_shipped(64000);
        settings.complexity = i % 11;
        settings.low_bands_first = i >= 11;
        (void)snprintf(names[i],
                       sizeof names[i],
                       "mono, 64 kbit/s, complexity %d%s",
                       settings.complexity,
                       settings.low_bands_first ? ", low bands first" : "");
        add_settings(names[i], settings);
    }
}

static void add_rates(void)
{
    add(guard_shipped("shipped, 32 kbit/s", 32000));
    add(guard_shipped("shipped, 48 kbit/s", 48000));
    add(guard_shipped("shipped, 56 kbit/s", 56000));
    add(guard_shipped("shipped, 72 kbit/s", 72000));
    add(guard_shipped("shipped, 80 kbit/s", 80000));
    add(guard_shipped("shipped, 128 kbit/s", 128000));
    add(guard_shipped("shipped, 192 kbit/s", 192000));
}

static void add_table(void)
{
    struct opus_settings settings = opus_settings_shipped(64000);
    add_rates();
    add_complexities();
    settings.bandwidth = OPUS_BANDWIDTH_SUPERWIDEBAND;
    add_settings("mono, 64 kbit/s, to 12 kHz", settings);
    settings = opus_settings_shipped(64000);
    settings.signal = OPUS_SIGNAL_MUSIC;
    add_settings("mono, 64 kbit/s, signal music", settings);
    settings = opus_settings_shipped(64000);
    settings.lsb_depth = 16;
    add_settings("mono, 64 kbit/s, 16 bits deep", settings);
    settings = opus_settings_shipped(64000);
    settings.application = OPUS_APPLICATION_AUDIO;
    settings.constant = false;
    add_settings("mono, 64 kbit/s, audio, variable rate", settings);
    settings = opus_settings_shipped(96000);
    settings.low_bands_first = true;
    add_settings("mono, 96 kbit/s, low bands first", settings);
    settings = opus_settings_plain(64000);
    settings.phase_inversion_off = true;
    add_settings("the reference, phase inversion off", settings);
    settings = opus_settings_plain(64000);
    settings.constant = true;
    add_settings("the reference, constant rate", settings);
}

static void print_sounds(size_t seeds)
{
    (void)printf("{\"libopus\":\"%s\",\"sounds\":[", scr_opus_version());
    for (size_t sound = 0; sound < GUARD_CELLS * seeds; sound += 1) {
        size_t cell = sound / seeds;
        (void)printf("%s\"%s %s %zu\"",
                     sound == 0 ? "" : ",",
                     scr_preset_name((enum scr_preset)(cell / SCR_FINISH_COUNT)),
                     scr_finish_name((enum scr_finish)(cell % SCR_FINISH_COUNT)),
                     sound % seeds);
    }
    (void)printf("]}\n");
}

static void print_values(size_t road, size_t seeds, const char *name, enum guard_measure measure)
{
    (void)printf(",\"%s\":[", name);
    for (size_t sound = 0; sound < GUARD_CELLS * seeds; sound += 1) {
        (void)printf("%s%.4f",
                     sound == 0 ? "" : ",",
                     guard_value(&samples[sound * road_count + road], measure));
    }
    (void)printf("]");
}

static void print_road(size_t road, size_t seeds)
{
    double bitrate = 0.0;
    (void)printf("{\"road\":\"%s\",\"shipped\":%s,\"ns_per_packet\":[",
                 roads[road].name,
                 roads[road].shipped ? "true" : "false");
    for (size_t sound = 0; sound < GUARD_CELLS * seeds; sound += 1) {
        const struct opus_trip *trip = &samples[sound * road_count + road].trip;
        (void)printf("%s%.0f", sound == 0 ? "" : ",", (double)trip->cpu_ns / (double)trip->packets);
        bitrate += trip->bitrate / (double)(GUARD_CELLS * seeds);
    }
    (void)printf("],\"bitrate\":%.0f", bitrate);
    print_values(road, seeds, "noise_to_mask_db", GUARD_NOISE_TO_MASK);
    print_values(road, seeds, "log_spectral_db", GUARD_LOG_SPECTRAL);
    print_values(road, seeds, "excitation_db", GUARD_EXCITATION);
    (void)printf("}\n");
}

int main(int argc, char **argv)
{
    size_t seeds = SEEDS;
    bool table = false;
    for (int i = 1; i < argc; i += 1) {
        if (strcmp(argv[i], "--table") == 0) {
            table = true;
        } else if (strcmp(argv[i], "--seeds") == 0 && i + 1 < argc) {
            i += 1;
            seeds = strtoul(argv[i], NULL, 10);
        } else {
            seeds = 0;
        }
    }
    if (seeds < 1 || seeds > GUARD_SEEDS_MAX) {
        (void)fprintf(stderr, "usage: bench_quality [--seeds 1..%d] [--table]\n", GUARD_SEEDS_MAX);
        return EXIT_USAGE;
    }
    add_guard();
    if (table) {
        add_table();
    }
    if (!guard_run(roads, road_count, seeds, samples)) {
        (void)fprintf(stderr, "bench_quality: a codec failed\n");
        return 1;
    }
    print_sounds(seeds);
    for (size_t road = 0; road < road_count; road += 1) {
        print_road(road, seeds);
    }
    return 0;
}
