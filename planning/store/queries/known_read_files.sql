select sha256 from raw.read_file
