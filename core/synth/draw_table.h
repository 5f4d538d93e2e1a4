/*
 * core/synth/draw_table.h - which parameters random draws, in which order, from which range.
 * Reads:  DURATION(low, high) in seconds;
 *         REAL(field, low, high) a real number from low up to, but not including, high;
 *         WHOLE(field, type, low, high) an integer, both ends included;
 *         UNUSED what go-scream drew here, which has no effect on its sound.
 * Order:  row k takes draw k of the seed: never reorder, never insert.
 * Source: sound design A.5.
 */
DURATION(2.5, 4.0)
REAL(primary.base_hz, 300, 700)
REAL(primary.range_hz, 800, 2500)
REAL(primary.jump_hz, 5, 15)
REAL(primary.amp, 0.3, 0.5)
REAL(primary.rise, 0.5, 2)
WHOLE(primary.seed, int64_t, 1, 9999)
REAL(harmonic.base_hz, 200, 500)
REAL(harmonic.sweep_hz_s, 300, 900)
REAL(harmonic.range_hz, 400, 1200)
REAL(harmonic.jump_hz, 3, 10)
REAL(harmonic.amp, 0.15, 0.3)
WHOLE(harmonic.seed, int64_t, 1, 9999)
REAL(shriek.base_hz, 900, 1800)
REAL(shriek.range_hz, 800, 2400)
REAL(shriek.jump_hz, 10, 25)
REAL(shriek.amp, 0.15, 0.3)
REAL(shriek.rise, 1, 3)
WHOLE(shriek.seed, int64_t, 1, 9999)
UNUSED         /* burst layer: amplitude */
    UNUSED     /* burst layer: seed */
        UNUSED /* floor layer: amplitude */
        REAL(burst_rate_hz, 3, 12) REAL(burst_threshold, 0.5, 0.85) REAL(burst_amp, 0.1, 0.25)
            REAL(floor_amp, 0.05, 0.15) WHOLE(burst_seed, int64_t, 1, 9999)
                REAL(highpass_hz, 80, 200) REAL(lowpass_hz, 6000, 12000)
                    WHOLE(crush_bits, uint32_t, 6, 12) REAL(crush_mix, 0.3, 0.7)
                        REAL(comp_ratio, 4, 12) REAL(boost_db, 6, 12)
