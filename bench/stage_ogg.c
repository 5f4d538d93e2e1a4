/*
 * bench/stage_ogg.c - what Ogg pages cost, beside libogg's own way of making the same pages.
 * Method: the packets lie in their pages already, as the render loop leaves them; what remains is
 *         head, lacing and checksum. libogg copies packets in and pages out: that copy is part of
 *         its way, and its stream is reset for each scream, not made.
 * Prints: see stopwatch.h.
 */
#include <ogg/ogg.h>
#include <string.h>

#include "bench/screams.h"
#include "core/container/ogg_page.h"

#define PACKET_BYTES (SCR_BITRATE_DEFAULT / SCR_BITRATE_STEP)
#define FILE_BYTES_MAX (64 * 1024)

static struct scr_ogg_layout layout;
static uint8_t file[FILE_BYTES_MAX];
static ogg_stream_state stream;
static uint8_t packet_bytes[PACKET_BYTES];

static void finish_pages(const void *unused)
{
    (void)unused;
    for (uint32_t i = 0; i < layout.page_count; i += 1) {
        struct scr_ogg_place place = scr_ogg_layout_page(&layout, i);
        scr_ogg_page_finish(file + place.offset, &place, PACKET_BYTES, 42);
    }
}

static void copy_out(const ogg_page *page, uint64_t offset)
{
    memcpy(file + offset, page->header, (size_t)page->header_len);
    memcpy(file + offset + page->header_len, page->body, (size_t)page->body_len);
}

static void mux(const void *unused)
{
    (void)unused;
    (void)ogg_stream_reset_serialno(&stream, 42);
    for (uint32_t i = 0; i < layout.page_count; i += 1) {
        struct scr_ogg_place place = scr_ogg_layout_page(&layout, i);
        for (uint32_t k = 0; k < place.packet_count; k += 1) {
            int64_t number = place.first_packet + k;
            bool last = place.is_last && k + 1 == place.packet_count;
            ogg_packet packet = {.packet = packet_bytes,
                                 .bytes = PACKET_BYTES,
                                 .b_o_s = number == 0,
                                 .e_o_s = last,
                                 .granulepos = (number + 1) * SCR_BLOCK_SAMPLES,
                                 .packetno = number};
            (void)ogg_stream_packetin(&stream, &packet);
        }
        ogg_page page;
        if (ogg_stream_flush(&stream, &page) == 0) {
            scr_stopwatch_must(SCR_ERR_INTERNAL);
        }
        copy_out(&page, place.offset);
    }
}

int main(int argc, char **argv)
{
    const struct scr_subject subjects[] = {
        {"libogg", mux, NULL, SCR_BENCH_BLOCKS_CODED},
        {"pages", finish_pages, NULL, SCR_BENCH_BLOCKS_CODED},
    };
    scr_ogg_layout_init(
        &layout, SCR_BENCH_BLOCKS * SCR_BLOCK_SAMPLES, SCR_OPUS_PRESKIP_SAMPLES, PACKET_BYTES, 100);
    if (layout.file_bytes > sizeof file || ogg_stream_init(&stream, 42) != 0) {
        scr_stopwatch_must(SCR_ERR_NO_SPACE);
    }
    for (size_t i = 0; i < sizeof packet_bytes; i += 1) {
        packet_bytes[i] = (uint8_t)(i * 37);
    }
    int status = scr_stopwatch_main(argc, argv, subjects, sizeof subjects / sizeof subjects[0]);
    (void)ogg_stream_clear(&stream);
    return status;
}
