/*
 * server/help.c - help for a stranger: what it is, an example to copy, every flag with its range.
 * Why:    see help.h. Only the examples and explanations are written by hand.
 * Limits: lines of 100 columns, sentences hang under their column.
 */
#include "server/help.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/base/text.h"
#include "core/synth/params.h"
#include "server/config_value.h"
#include "server/flags.h"

#define LINE_COLUMNS 100
#define SENTENCE_COLUMN 36

/* What no table knows: how a command is used. */
struct explanation {
    const char *text;
    const char *examples;
};

static const struct explanation explanations[SCR_COMMAND_COUNT] = {
    [SCR_COMMAND_SERVE] =
        {"Prints the address to open and runs until SIGTERM or SIGINT. Then it finishes the\n"
         "responses under way and exits with 0; a second signal cuts them off at once (also 0).\n",
         "  scream serve\n"
         "  scream serve --http-addr '*' --http-port 9000\n"
         "  curl -o scream.ogg 'http://127.0.0.1:8080/scream.ogg?preset=banshee&seed=42'\n"},
    [SCR_COMMAND_GENERATE] =
        {"The same preset, seed and parameters are the same sound on every machine, and the same\n"
         "bytes that the server sends. The format follows from the name: .ogg, .opus or .wav.\n",
         "  scream generate -o scream.ogg\n"
         "  scream generate -o banshee.wav --preset banshee --seed 42 --duration 2s\n"
         "  scream generate -o - --preset random | ffplay -autoexit -\n"},
    [SCR_COMMAND_PRESETS] = {"", "  scream presets\n"},
    [SCR_COMMAND_CONFIG] =
        {"Defaults are overruled by the YAML file, that by the environment, that by flags.\n",
         "  scream config --config scream.yaml\n"
         "  SCREAM_HTTP_PORT=9000 scream config --json\n"},
    [SCR_COMMAND_HEALTHCHECK] = {"Asks GET /readyz of http_port, or of admin_port where that is "
                                 "set, and waits 3 seconds at\n"
                                 "the most. Exit code 0: ready; 69: not; 64, 78: wrong flags or "
                                 "configuration, not asked.\n",
                                 "  HEALTHCHECK CMD [\"scream\", \"healthcheck\"]\n"},
    [SCR_COMMAND_VERSION] = {"", "  scream version --json\n"},
    [SCR_COMMAND_COMPLETION] = {"",
                                "  . <(scream completion bash)\n"
                                "  scream completion zsh > ~/.zfunc/_scream\n"
                                "  scream completion fish > "
                                "~/.config/fish/completions/scream.fish\n"},
    [SCR_COMMAND_HELP] = {"", "  scream help generate\n"},
};

static void heading(struct scr_console *out, const char *title)
{
    scr_console_put(out, out->colour ? "\n\033[1m" : "\n");
    scr_console_put(out, title);
    scr_console_put(out, out->colour ? "\033[0m\n" : "\n");
}

/* Words from column SENTENCE_COLUMN on; `column` is where the line stands now. */
static void put_wrapped(struct scr_console *out, size_t column, const char *sentence)
{
    const char *word = sentence;
    bool first = true;
    while (*word != '\0') {
        size_t bytes = strcspn(word, " ");
        if (!first && column + 1 + bytes > LINE_COLUMNS) {
            scr_console_put(out, "\n");
            scr_console_put_column(out, "", SENTENCE_COLUMN);
            column = SENTENCE_COLUMN;
        } else if (!first) {
            scr_console_put(out, " ");
            column += 1;
        }
        scr_console_put_bytes(out, word, bytes);
        column += bytes;
        word += bytes;
        word += *word == ' ' ? 1 : 0;
        first = false;
    }
    scr_console_put(out, "\n");
}

static void put_between(struct scr_text *text, double minimum, double maximum, const char *unit)
{
    scr_text_put_real(text, minimum);
    scr_text_put(text, " to ");
    scr_text_put_real(text, maximum);
    scr_text_put(text, unit[0] != '\0' ? " " : "");
    scr_text_put(text, unit);
}

/* "[8 to 16384; default 256; SCREAM_MAX_CONNECTIONS]" */
static void put_setting_facts(struct scr_text *text, const struct scr_flag *flag)
{
    const struct scr_setting_info *info = scr_setting_info((enum scr_setting)flag->index);
    const char *separator = "";
    scr_text_put(text, " [");
    size_t start = text->used;
    if (info->kind == SCR_SETTING_KIND_DURATION || info->kind == SCR_SETTING_KIND_REAL ||
        info->kind == SCR_SETTING_KIND_COUNT) {
        put_between(
            text, info->minimum, info->maximum, info->kind == SCR_SETTING_KIND_DURATION ? "s" : "");
    } else if (info->kind == SCR_SETTING_KIND_SIZE) {
        scr_put_size(text, (uint64_t)info->minimum);
        scr_text_put(text, " to ");
        scr_put_size(text, (uint64_t)info->maximum);
    } else {
        scr_flag_put_words(text, flag);
    }
    separator = text->used > start ? "; " : "";
    if (info->fallback[0] != '\0' && info->kind != SCR_SETTING_KIND_BOOL) {
        scr_text_put(text, separator);
        scr_text_put(text, "default ");
        scr_text_put(text, info->fallback);
        separator = "; ";
    }
    if (info->environment[0] != '\0') {
        scr_text_put(text, separator);
        scr_text_put(text, info->environment);
    }
    if (text->used == start) {
        /* Nothing to say: take the bracket back. */
        text->used = start - 2;
        text->chars[text->used] = '\0';
        return;
    }
    scr_text_put(text, "]");
}

static void put_param_facts(struct scr_text *text, const struct scr_flag *flag)
{
    const struct scr_param_info *info = scr_param_info((enum scr_param)flag->index);
    const char *separator = "; ";
    switch (info->kind) {
    case SCR_PARAM_KIND_REAL:
    case SCR_PARAM_KIND_COUNT:
    case SCR_PARAM_KIND_DURATION:
        scr_text_put(text, " [");
        put_between(text, info->minimum, info->maximum, info->unit);
        break;
    case SCR_PARAM_KIND_CHOICE:
    case SCR_PARAM_KIND_PRESET:
        scr_text_put(text, " [");
        scr_flag_put_words(text, flag);
        break;
    case SCR_PARAM_KIND_SEED:
        scr_text_put(text, " [");
        separator = "";
        break;
    case SCR_PARAM_KIND_SIGNED:
        scr_text_put(text, " [whole number");
        break;
    }
    if (info->fallback[0] != '\0') {
        scr_text_put(text, separator);
        scr_text_put(text, "default ");
        scr_text_put(text, info->fallback);
    }
    scr_text_put(text, "]");
}

static void put_flag(struct scr_console *out, const struct scr_flag *flag)
{
    char left_chars[96];
    char right_chars[512];
    struct scr_text left;
    struct scr_text right;
    char letter[] = "  -x, --";
    letter[3] = flag->letter;
    scr_text_init(&left, left_chars, sizeof left_chars);
    scr_text_init(&right, right_chars, sizeof right_chars);
    scr_text_put(&left, flag->letter != '\0' ? letter : "      --");
    scr_text_put(&left, flag->name);
    if (flag->argument != NULL) {
        scr_text_put(&left, " ");
        scr_text_put(&left, flag->argument);
    }
    scr_text_put(&right, flag->sentence);
    if (flag->target == SCR_FLAG_SETTING) {
        put_setting_facts(&right, flag);
    } else if (flag->target == SCR_FLAG_PARAM) {
        put_param_facts(&right, flag);
    }
    SCR_ASSERT(!left.overflow && !right.overflow);
    scr_console_put_column(out, scr_text_view(&left), SENTENCE_COLUMN);
    size_t column = left.used + 1 > SENTENCE_COLUMN ? left.used + 1 : SENTENCE_COLUMN;
    put_wrapped(out, column, scr_text_view(&right));
}

static void put_flags(struct scr_console *out, enum scr_command command)
{
    static const char *const titles[SCR_FLAGS_GROUP_COUNT] = {
        [SCR_FLAGS_OWN] = "Flags:",
        [SCR_FLAGS_SOUND] = "The sound:",
        [SCR_FLAGS_ENGINE] = "Every layer and filter (each defaults to the preset's value):",
        [SCR_FLAGS_GENERAL] = "Flags of every command:"};
    struct scr_flag flags[SCR_FLAGS_MAX];
    size_t count = scr_flags_list(command, flags);
    for (size_t i = 0; i < count; i += 1) {
        if (i == 0 || flags[i].group != flags[i - 1].group) {
            heading(out, titles[flags[i].group]);
        }
        put_flag(out, &flags[i]);
    }
}

void scr_help_program(struct scr_console *out)
{
    scr_console_put(out,
                    "scream renders synthetic screams on demand and streams them over HTTP.\n");
    heading(out, "Usage:");
    scr_console_put(out, "  scream COMMAND [FLAG...]\n");
    heading(out, "Commands:");
    for (unsigned i = 0; i < SCR_COMMAND_COUNT; i += 1) {
        const struct scr_command_info *info = scr_command_info((enum scr_command)i);
        scr_console_put(out, "  ");
        scr_console_put_column(out, info->name, 13);
        scr_console_put(out, info->sentence);
        scr_console_put(out, "\n");
    }
    heading(out, "To begin:");
    scr_console_put(out,
                    "  scream serve                     and open the address it prints\n"
                    "  scream generate -o scream.ogg    and play the file\n"
                    "  scream help generate             every knob of the sound\n");
    put_flags(out, SCR_COMMAND_COUNT);
    scr_console_put(
        out,
        "\nExit codes: 0 done, 64 wrong command line, 69 not available, 70 internal "
        "error,\n73 cannot create the file, 74 cannot write, 78 wrong configuration.\n");
}

void scr_help_command(struct scr_console *out, enum scr_command command)
{
    const struct scr_command_info *info = scr_command_info(command);
    scr_console_put(out, info->sentence);
    scr_console_put(out, "\n");
    scr_console_put(out, explanations[command].text);
    heading(out, "Usage:");
    scr_console_put(out, "  scream ");
    scr_console_put(out, info->name);
    scr_console_put(out, info->arguments[0] != '\0' ? " " : "");
    scr_console_put(out, info->arguments);
    scr_console_put(out, " [FLAG...]\n");
    heading(out, "Examples:");
    scr_console_put(out, explanations[command].examples);
    put_flags(out, command);
}
