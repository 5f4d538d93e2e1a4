/*
 * core/synth/param_table.h - every parameter of a scream: the one place where each fact stands.
 * Why:    query validation, --help, GET /parameters, the page's sliders, the key of a job and the
 *         check of openapi.yaml all read this table; nothing is kept in step by hand.
 * Reads:  X(identifier, name, kind, field, unit, minimum, maximum, default, sentence)
 *         kind: PRESET, SEED, DURATION (field in ns), CHOICE, REAL (double), COUNT (uint32_t),
 *         SIGNED (int64_t); field: member of struct scr_params; minimum and maximum as doubles
 *         (DURATION: in seconds); default: text, "" where it comes from the preset.
 * Order:  the order of the key, of canonical URLs and of every listing: append, never reorder.
 */
X(PRESET, "preset", PRESET, preset, "", 0, 0, "random",
  "Named sound to start from; random draws every parameter from the seed.")
X(SEED, "seed", SEED, seed, "", 0, 0, "0",
  "Which variation: an integer up to 2^64-1, a negative one, any text, or random.")
X(ENGINE, "engine", COUNT, engine, "epoch", 1, SCR_ENGINE_EPOCH, "1",
  "Epoch of the sound engine; naming it makes the address permanent.")
X(DURATION, "duration", DURATION, duration_ns, "s", 0.05, 300, "",
  "Length: plain seconds, or 3s, 500ms, 1m30s.")
X(VOLUME, "volume", REAL, volume, "", 0, 1, "1", "Linear loudness; 0 is silence.")
X(CHANNELS, "channels", COUNT, channels, "", 1, 2, "2", "1 is mono, 2 is stereo.")
X(BITRATE, "bitrate", COUNT, bitrate, "bit/s", SCR_BITRATE_MIN, SCR_BITRATE_MAX, "96000",
  "Constant Opus bit rate, a multiple of 400.")
X(FINISH, "finish", CHOICE, finish, "", 0, 0, "smooth",
  "smooth levels, limits and fades the sound; raw leaves the bare engine.")
X(PRIMARY_BASE_HZ, "primary_base_hz", REAL, primary.base_hz, "Hz", -24000, 24000, "",
  "Lowest pitch of the primary layer.")
X(PRIMARY_RANGE_HZ, "primary_range_hz", REAL, primary.range_hz, "Hz", -24000, 24000, "",
  "How far the primary layer jumps above its lowest pitch.")
X(PRIMARY_JUMP_HZ, "primary_jump_hz", REAL, primary.jump_hz, "Hz", 0, 200, "",
  "How often the primary layer jumps to a new pitch.")
X(PRIMARY_AMP, "primary_amp", REAL, primary.amp, "", 0, 1, "", "Level of the primary layer.")
X(PRIMARY_RISE, "primary_rise", REAL, primary.rise, "1/s", 0, 100, "",
  "How fast the primary layer grows louder.")
X(PRIMARY_SEED, "primary_seed", SIGNED, primary.seed, "", 0, 0, "",
  "Which pitches the primary layer jumps to.")
X(HARMONIC_BASE_HZ, "harmonic_base_hz", REAL, harmonic.base_hz, "Hz", -24000, 24000, "",
  "Lowest pitch of the harmonic layer at the start.")
X(HARMONIC_RANGE_HZ, "harmonic_range_hz", REAL, harmonic.range_hz, "Hz", -24000, 24000, "",
  "How far the harmonic layer jumps above its lowest pitch.")
X(HARMONIC_SWEEP_HZ_S, "harmonic_sweep_hz_s", REAL, harmonic.sweep_hz_s, "Hz/s", -24000, 24000, "",
  "How fast the harmonic layer glides upwards.")
X(HARMONIC_JUMP_HZ, "harmonic_jump_hz", REAL, harmonic.jump_hz, "Hz", 0, 200, "",
  "How often the harmonic layer jumps to a new pitch.")
X(HARMONIC_AMP, "harmonic_amp", REAL, harmonic.amp, "", 0, 1, "", "Level of the harmonic layer.")
X(HARMONIC_SEED, "harmonic_seed", SIGNED, harmonic.seed, "", 0, 0, "",
  "Which pitches the harmonic layer jumps to.")
X(SHRIEK_BASE_HZ, "shriek_base_hz", REAL, shriek.base_hz, "Hz", -24000, 24000, "",
  "Lowest pitch of the shriek layer.")
X(SHRIEK_RANGE_HZ, "shriek_range_hz", REAL, shriek.range_hz, "Hz", -24000, 24000, "",
  "How far the shriek layer jumps above its lowest pitch.")
X(SHRIEK_JUMP_HZ, "shriek_jump_hz", REAL, shriek.jump_hz, "Hz", 0, 200, "",
  "How often the shriek layer jumps to a new pitch.")
X(SHRIEK_AMP, "shriek_amp", REAL, shriek.amp, "", 0, 1, "", "Level of the shriek layer.")
X(SHRIEK_RISE, "shriek_rise", REAL, shriek.rise, "1/s", 0, 100, "",
  "How fast the shriek layer grows louder.")
X(SHRIEK_SEED, "shriek_seed", SIGNED, shriek.seed, "", 0, 0, "",
  "Which pitches the shriek layer jumps to.")
X(BURST_RATE_HZ, "burst_rate_hz", REAL, burst_rate_hz, "Hz", 0, 200, "",
  "How often the noise bursts may switch on or off.")
X(BURST_THRESHOLD, "burst_threshold", REAL, burst_threshold, "", 0, 1, "",
  "Share of the time without bursts: 1 is never, 0 is always on.")
X(BURST_AMP, "burst_amp", REAL, burst_amp, "", 0, 1, "", "Level of the noise bursts.")
X(BURST_SEED, "burst_seed", SIGNED, burst_seed, "", 0, 0, "",
  "When the bursts come, and which noise they and the floor are.")
X(FLOOR_AMP, "floor_amp", REAL, floor_amp, "", 0, 1, "", "Level of the steady noise.")
X(HIGHPASS_HZ, "highpass_hz", REAL, highpass_hz, "Hz", 0, 24000, "",
  "Cut-off of the high-pass filter; 0 switches it off.")
X(LOWPASS_HZ, "lowpass_hz", REAL, lowpass_hz, "Hz", 0, 24000, "",
  "Cut-off of the low-pass filter; 0 switches it off.")
X(CRUSH_BITS, "crush_bits", COUNT, crush_bits, "bit", 1, 16, "", "Resolution of the bit crusher.")
X(CRUSH_MIX, "crush_mix", REAL, crush_mix, "", 0, 1, "", "Share of the crushed sound.")
X(COMP_RATIO, "comp_ratio", REAL, comp_ratio, "", 1, 1000, "",
  "Ratio of the compressor; 1 switches it off.")
X(COMP_THRESHOLD_DB, "comp_threshold_db", REAL, comp_threshold_db, "dB", -80, 0, "",
  "Level from which the compressor turns down.")
X(COMP_ATTACK_MS, "comp_attack_ms", REAL, comp_attack_ms, "ms", 0.01, 10000, "",
  "How fast the compressor reacts to a louder sound.")
X(COMP_RELEASE_MS, "comp_release_ms", REAL, comp_release_ms, "ms", 0.01, 10000, "",
  "How fast the compressor lets go.")
X(BOOST_DB, "boost_db", REAL, boost_db, "dB", -60, 40, "", "Gain before the hard limit.")
X(LIMIT, "limit", REAL, limit, "", 0.0001, 1, "", "Level at which the sound is clipped.")
