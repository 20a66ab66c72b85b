attach $path as snapshot
