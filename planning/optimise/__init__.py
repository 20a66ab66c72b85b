"""The plan model: one mixed-integer program in PuLP, solved by HiGHS."""
