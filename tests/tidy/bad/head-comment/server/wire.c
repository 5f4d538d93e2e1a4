int scr_none;
