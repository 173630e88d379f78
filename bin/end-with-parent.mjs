// Loaded before a command that bin/meridian.mjs started: ends it when that parent is gone, even by SIGKILL.
process.on('disconnect', () => process.exit(137));
process.channel?.unref();
