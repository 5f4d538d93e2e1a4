/*
 * core/synth/preset_table.h - the values of every named preset.
 * Why:    GET /presets, the command line and the engine read this one table.
 * Reads:  X(identifier, name, sentence, gain_db, duration_ms,
 *           PRIMARY(base, range, jump, amp, rise, seed),
 *           HARMONIC(base, range, sweep, jump, amp, seed),
 *           SHRIEK(base, range, jump, amp, rise, seed),
 *           NOISE(burst rate, threshold, burst amp, floor amp, seed),
 *           FILTER(highpass, lowpass, bits, mix, ratio, boost_db))
 *         gain_db brings the smooth finish to -16 LUFS: render with 0, measure, take the
 *         difference. What no preset varies is in preset.c.
 * Order:  that of enum scr_preset, which is made from it: append, never reorder.
 * Source: sound design A.1 (values, those of go-scream), Part C item 1 (gains).
 */
X(CLASSIC,
  "classic",
  "Three tones that climb and tear: the scream everyone knows.",
  -9.9,
  3000,
  PRIMARY(500, 1500, 10, 0.4, 1.2, 4242),
  HARMONIC(350, 800, 500, 6, 0.25, 3000),
  SHRIEK(1200, 1600, 20, 0.25, 2.5, 7000),
  NOISE(8, 0.7, 0.18, 0.1, 4000),
  FILTER(120, 8000, 8, 0.5, 8, 9))
X(WHISPER,
  "whisper",
  "A short, breathy one, more air than tone.",
  -3.8,
  2000,
  PRIMARY(300, 500, 5, 0.15, 0.3, 1111),
  HARMONIC(200, 300, 150, 3, 0.1, 2222),
  SHRIEK(900, 400, 8, 0.08, 0.5, 3333),
  NOISE(3, 0.85, 0.05, 0.12, 4444),
  FILTER(200, 6000, 12, 0.2, 4, 6))
X(DEATH_METAL,
  "death-metal",
  "Low, torn and crushed, with bursts of noise.",
  -11.7,
  4000,
  PRIMARY(150, 800, 15, 0.5, 2.0, 6660),
  HARMONIC(100, 600, 200, 10, 0.3, 6661),
  SHRIEK(600, 2400, 25, 0.3, 3.0, 6662),
  NOISE(12, 0.5, 0.25, 0.15, 6663),
  FILTER(80, 12000, 6, 0.7, 12, 12))
X(GLITCH,
  "glitch",
  "Hectic jumps all over the range, like a broken machine.",
  -9.6,
  3000,
  PRIMARY(700, 2500, 15, 0.35, 0.5, 1337),
  HARMONIC(500, 1200, 900, 10, 0.2, 1338),
  SHRIEK(1800, 2400, 25, 0.2, 1.0, 1339),
  NOISE(12, 0.5, 0.22, 0.05, 1340),
  FILTER(100, 10000, 6, 0.7, 6, 8))
X(BANSHEE,
  "banshee",
  "A long, piercing wail that only grows.",
  -12.8,
  4000,
  PRIMARY(600, 2000, 8, 0.45, 2.0, 9001),
  HARMONIC(400, 1000, 800, 5, 0.25, 9002),
  SHRIEK(1500, 2400, 12, 0.3, 3.0, 9003),
  NOISE(5, 0.8, 0.1, 0.08, 9004),
  FILTER(150, 11000, 10, 0.4, 6, 10))
X(ROBOT,
  "robot",
  "Coarse steps and hard edges: a machine in pain.",
  -6.8,
  3000,
  PRIMARY(400, 1000, 12, 0.4, 0.5, 8080),
  HARMONIC(300, 500, 600, 8, 0.2, 8081),
  SHRIEK(1000, 1200, 20, 0.2, 1.0, 8082),
  NOISE(10, 0.6, 0.15, 0.07, 8083),
  FILTER(100, 7000, 6, 0.65, 10, 8))
